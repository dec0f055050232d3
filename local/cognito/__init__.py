"""The emulated Cognito: device tracking around an emulator that has none."""
