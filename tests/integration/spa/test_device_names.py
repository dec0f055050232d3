"""The names of devices: their tests, run by Node's test runner, and those of the demo user's devices."""

import json
import subprocess

from local import demo_devices
from tests.support.local_cloud import NODE, PROJECT

DEVICE_NAME = (PROJECT / "spa/client/device-name.js").as_uri()
COVERAGE = [f"--test-coverage-{what}=100" for what in ("branches", "functions", "lines")]


def test_the_tests_of_the_names_pass_with_full_coverage() -> None:
    ran = subprocess.run(
        [
            *(NODE, "--test", "--experimental-test-coverage", *COVERAGE),
            *("--test-coverage-include=spa/client/device-*.js", "tests/spa/device-name.test.mjs"),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_each_device_of_the_demo_user_has_a_name_that_a_person_understands() -> None:
    # Given the names that the devices wrote
    written = [device.name for device in (demo_devices.CURRENT, *demo_devices.devices())]
    program = f"""
        const {{ deviceName }} = await import({json.dumps(DEVICE_NAME)});
        console.log(JSON.stringify({json.dumps(written)}.map((name) => deviceName({{ name }}).name)));
    """

    # When
    ran = subprocess.run([NODE, "--eval", program], capture_output=True, text=True, timeout=60, check=True)

    # Then
    assert set(json.loads(ran.stdout)) == {
        *("Chrome on Windows", "Chrome on macOS", "Chrome on Chrome OS", "Chrome on Android", "Chrome on Pixel 8"),
        *("Microsoft Edge on Windows", "Firefox on macOS", "Firefox on Linux", "Safari on macOS", "Safari on iPhone"),
        *("Samsung Internet on Samsung SM-S918B", "Instagram on iPhone", "Google app on iPhone", "Slack on Windows"),
        *("Flutter app", "React Native app", "Samsung SM-A546B", "iPhone", "Unnamed device"),
        *("花子のスマートフォン 📱", "هاتف سارة", "👩🏽‍💻🏡", "Dana's iPad", "Library computer"),
    }
