/** What the types of amazon-cognito-identity-js lack: its global variable, and some members. */

import "amazon-cognito-identity-js";

type Done = (error: (Error & { code?: string; nonRetryable?: boolean }) | null, result?: unknown) => void;

declare module "amazon-cognito-identity-js" {
  interface ICognitoUserPoolData {
    endpoint?: string;
  }
  interface CognitoUserPool {
    client: { request(operation: string, parameters: unknown, done: Done): void };
  }
  interface CognitoUser {
    clearCachedDeviceKeyAndPassword(): void;
    revokeToken(revocation: { token: string; callback: Done }): void;
  }
}
