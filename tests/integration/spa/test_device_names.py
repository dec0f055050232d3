"""The names that the client gives the demo user's devices."""

import json

from local import demo_devices
from tests.support.local_cloud import NODE, PROJECT
from tests.support.processes import output_of

DEVICE_NAME = (PROJECT / "spa/client/device-name.js").as_uri()


def test_each_device_of_the_demo_user_has_a_name_that_a_person_understands() -> None:
    # Given the names that the devices wrote
    written = [device.name for device in (demo_devices.CURRENT, *demo_devices.devices())]
    program = f"""
        const {{ deviceName }} = await import({json.dumps(DEVICE_NAME)});
        console.log(JSON.stringify({json.dumps(written)}.map((name) => deviceName({{ name }}).name)));
    """

    # When
    printed = output_of([NODE, "--eval", program], timeout=60)

    # Then
    assert set(json.loads(printed)) == {
        *("Chrome on Windows", "Chrome on macOS", "Chrome on Chrome OS", "Chrome on Android", "Chrome on Pixel 8"),
        *("Microsoft Edge on Windows", "Firefox on macOS", "Firefox on Linux", "Safari on macOS", "Safari on iPhone"),
        *("Samsung Internet on Samsung SM-S918B", "Instagram on iPhone", "Google app on iPhone", "Slack on Windows"),
        *("Flutter app", "React Native app", "Samsung SM-A546B", "iPhone", "Unnamed device"),
        *("花子のスマートフォン 📱", "هاتف سارة", "👩🏽‍💻🏡", "Dana's iPad", "Library computer"),
    }
