/** An app that lists the user's devices. */

import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { type Device, DevicesClient, DevicesError, type ErrorType, deviceName, type GetAccessToken } from "cognito-device-api-client";

const getAccessToken: GetAccessToken = async ({ refresh, signal }) => (refresh || signal?.aborted ? "new" : "token-1");
const client = new DevicesClient({ apiUrl: "/v1", getAccessToken, timeout: 10 });
const CLASSES = { desktop: "large", mobile: "small", tablet: "small", unknown: "" };

function Devices() {
  const [devices, setDevices] = useState<Device[]>([]);
  const [failure, setFailure] = useState<ErrorType>();
  useEffect(() => {
    const controller = new AbortController();
    const show = (error: unknown) => {
      if (error instanceof DevicesError) setFailure(error.type);
    };
    client.list({ signal: controller.signal, onWait: undefined, maxPages: undefined }).then(setDevices, show);
    return () => controller.abort();
  }, []);
  if (failure) return <p role="alert">{failure}</p>;
  return (
    <ul>
      {devices.map((device) => (
        <li key={device.deviceKey} className={CLASSES[deviceName(device).kind]} title={device.lastAuthenticatedAt ?? ""}>
          {deviceName(device).name}
        </li>
      ))}
    </ul>
  );
}

createRoot(document.getElementById("root")!).render(<StrictMode><Devices /></StrictMode>);

/** What the types refuse: an unused directive is an error. */
export async function mistakes() {
  // @ts-expect-error -- a device key is text
  await client.forget(1);
  // @ts-expect-error -- no error has this type
  new DevicesError("too-late", "");
  // @ts-expect-error -- a device has no such field
  (await client.get("current")).owner;
  const { left } = await client.forgetOthers({ only: ({ name }) => name !== null, onProgress: ({ done, total }) => done / total });
  // @ts-expect-error -- an error is not text
  left[0]?.error satisfies string;
}
