"""What the simulation assumes of users, of the deployment and of AWS's prices: the one place to change it.

Prices are those of us-east-1 in US dollars, as AWS's pages had them in November 2026; no free tier is taken off.
"""

import math
from collections.abc import Sequence

USERS = (1, 1_000, 100_000, 1_000_000, 3_000_000, 10_000_000)

# --- Users -----------------------------------------------------------------------------------------------------------
VIEWS_A_DAY = 1.0  # of the page, by each user: much, for a page about devices
PEAK = (
    3.0  # the busiest hour over the day's mean; https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
)
PREFLIGHTS_A_VIEW = 1.0  # browsers keep one for an hour, and come back later
CHANGES_A_VIEW = 0.05  # a device is forgotten or remembered; each with a preflight of its own
TRIES = 4  # of the page, which waits for Retry-After in between (spa/client/devices-client.js)
DAYS = 30

# --- The deployment --------------------------------------------------------------------------------------------------
QUOTA = 50  # reads a second at Cognito: UserResourceRead; also template.yaml's ThrottlingRateLimit of each method
CHANGES_QUOTA = 25  # changes a second: UserResourceUpdate, not adjustable
BURST = 2  # ThrottlingBurstLimit over ThrottlingRateLimit
MEMORY_GB = 0.5
READ_SECONDS = 0.03  # not measured on Lambda: 8 ms of 512 MB's processor (docs/decisions.md), and Cognito's answer
PREFLIGHT_SECONDS = 0.005
BACKOFF_SECONDS = 0.5  # on average, before the function's second attempt at Cognito
REQUESTS_A_SECOND_AND_ENVIRONMENT = 10  # https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
# The function's line is measured (`make load`, log_line_bytes); START, END and REPORT are Lambda's. CloudWatch adds 26
# bytes to each: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
LOG_LINE_BYTES = 794
LOG_BYTES = LOG_LINE_BYTES + 350 + 4 * 26
ANSWER_BYTES = 2_000  # headers and five devices
# 2 of the function's metrics for each of 6 outcomes, ColdStart, and API Gateway's 5 for each of 6 methods.
METRICS = 2 * 6 + 1 + 5 * 6

# --- Prices: tiers are (up to as many, dollars for each) -------------------------------------------------------------
type Tiers = Sequence[tuple[float, float]]
# https://aws.amazon.com/api-gateway/pricing/, REST APIs
GATEWAY: Tiers = ((333e6, 3.50e-6), (1e9, 2.80e-6), (20e9, 2.38e-6), (math.inf, 1.51e-6))
# https://aws.amazon.com/lambda/pricing/, Arm
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND: Tiers = ((7.5e9, 0.0000133334), (18.75e9, 0.0000120001), (math.inf, 0.0000106667))
# https://aws.amazon.com/cloudwatch/pricing/, Lambda's logs; their storage is left out
LOGS_GB: Tiers = ((10e3, 0.50), (30e3, 0.25), (50e3, 0.10), (math.inf, 0.05))
METRIC_MONTH = 0.30  # of the first 10,000
# https://aws.amazon.com/xray/pricing/; one request a second and 5 % of the others are traced
TRACE = 5e-6
TRACED_A_SECOND, TRACED_SHARE = 1, 0.05
# https://aws.amazon.com/ec2/pricing/on-demand/, data transfer out
TRANSFER_GB = 0.09
# Unconfirmed: AWS's page of prices could not be read. It is in no total.
COGNITO_READ_A_SECOND_MONTH = 20.0
