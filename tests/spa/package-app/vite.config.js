import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  build: { target: ["chrome105", "firefox105", "safari16"] },
  logLevel: "warn",
  plugins: [react()],
});
