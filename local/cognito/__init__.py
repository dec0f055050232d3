"""Device tracking, wrapped around an emulated Cognito that lacks it.

How the emulator knows a device:

1. A sign-in without DEVICE_KEY creates a device. `sign_in` announces it to the client as `NewDeviceMetadata`. A sign-in
   with DEVICE_KEY must name a confirmed device of that user.
2. `store.DeviceStore` keeps it in memory, under its user (pool ID and `sub`) and then under its device key.
3. `sign_in` adds the claim `device_key` to the access token and has the wrapped emulator sign the token again.
   The store also notes the device key under the claim `origin_jti`, so that a refreshed token gets the same claim.
4. ConfirmDevice makes the device visible to the other operations; GetDevice and ListDevices show it only while it is
   remembered. ForgetDevice deletes it.

The wrapped emulator keeps the pools and users, verifies tokens and checks passwords; `upstream` asks it.

The modules import downwards only:

    app                                                 ASGI: unpacks requests, wraps responses
    overrides, validation, operations, sign_in          what a request asks for
    description, pagination, upstream                   what the operations and sign-ins need
    store                                               the state: users' devices
    exceptions                                          Cognito's error codes
"""
