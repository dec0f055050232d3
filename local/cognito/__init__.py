"""Device tracking, wrapped around an emulated Cognito that lacks it.

How the emulator knows a device:

1. An SRP sign-in without DEVICE_KEY creates a device. `sign_in` announces it to the client as `NewDeviceMetadata`.
2. `store.DeviceStore` keeps it in memory, under its user (pool ID and `sub`) and then under its device key.
3. ConfirmDevice brings the verifier of the device's password, and makes the device visible to the other operations.
   GetDevice and ListDevices show it only while it is remembered. ForgetDevice deletes it.
4. An SRP sign-in with the DEVICE_KEY of a remembered device gets its tokens when the device has proved, with that
   password, that it is this device (`device_challenge`, `srp`).
5. Access tokens get the claim `device_key`; the wrapped emulator signs them again. The store also notes the device key
   under the claim `origin_jti`, so that `refresh` knows which device a refresh needs.

The wrapped emulator keeps the pools and users, verifies tokens and checks passwords; `upstream` asks it.

The modules import downwards only:

    app                                                 ASGI: unpacks requests, wraps responses
    operations, overrides, refresh, sign_in, validation what a request asks for
    description, device_challenge, pagination           what the operations and sign-ins need
    step                                                one request of a sign-in
    upstream                                            what the wrapped emulator knows
    store                                               the state: users' devices, and complete sign-ins
    attempts                                            the state: sign-ins to which responses are missing
    exceptions, model, srp, user                        Cognito's errors; its service model; the proof of a password
"""
