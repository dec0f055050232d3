"""The assumptions of the simulation: users, the deployment, and AWS's prices.

Prices are in US dollars for us-east-1, from AWS's pages of November 2026, without free tiers.
"""

import math
from collections.abc import Sequence

USERS = (1, 1_000, 100_000, 1_000_000, 3_000_000, 10_000_000)

# --- Users -----------------------------------------------------------------------------------------------------------
VIEWS_A_DAY = 1.0  # page views per user; a high estimate, because a page about devices is rarely needed
# The busiest hour, as a multiple of the day's mean: AWS's own example in
# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
PEAK = 3.0
PREFLIGHTS_A_VIEW = 1.0  # a browser caches one for an hour, and users return later than that
CHANGES_A_VIEW = 0.05  # requests that forget or remember a device; each has its own preflight
TRIES = 4  # by the client, which waits for Retry-After before each (spa/client/requests.js)
DAYS = 30

# --- The deployment --------------------------------------------------------------------------------------------------
QUOTA = 50  # reads per second: Cognito's UserResourceRead, and template.yaml's ThrottlingRateLimit
CHANGES_QUOTA = 25  # changes per second: Cognito's UserResourceUpdate, which AWS does not raise
BURST = 2  # ThrottlingBurstLimit / ThrottlingRateLimit
MEMORY_GB = 0.5
READ_SECONDS = 0.03  # an estimate: 8 ms of CPU at 512 MB (docs/decisions.md), and Cognito's response time
PREFLIGHT_SECONDS = 0.005
BACKOFF_SECONDS = 0.5  # mean wait before the function's second attempt at Cognito
REQUESTS_A_SECOND_AND_ENVIRONMENT = 10  # https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
# The function's line is measured (log_line_bytes of `make load`). Lambda adds 350 bytes: START, END and REPORT.
# CloudWatch adds 26 bytes to each line:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
LOG_LINE_BYTES = 794
LOG_BYTES = LOG_LINE_BYTES + 350 + 4 * 26
RESPONSE_BYTES = 2_000  # headers and five devices
# The page's own files: a browser asks for index.html and config.json each time, which are usually unchanged (304), and
# loads index.html and all assets anew after a release. Their compressed length is compared with the bundle in a test.
FILES_A_VIEW = 2
UNCHANGED_BYTES = 1_200  # an estimate: security headers, and those of CloudFront
RELEASES_A_MONTH = 1
ASSETS = 3  # script, styles and icon
RELEASE_BYTES = 73_000
# 2 metrics of the function for each of 6 outcomes, ColdStart, and 5 metrics of API Gateway for each of 6 methods. Of
# these, 2 are preflights.
METRICS = 2 * 6 + 1 + 5 * 6
METRICS_WITHOUT_PREFLIGHTS = METRICS - 5 * 2

# --- Prices: a tier is (its upper bound, dollars per unit) -----------------------------------------------------------
type Tiers = Sequence[tuple[float, float]]
# https://aws.amazon.com/api-gateway/pricing/, REST APIs
GATEWAY: Tiers = ((333e6, 3.50e-6), (1e9, 2.80e-6), (20e9, 2.38e-6), (math.inf, 1.51e-6))
# https://aws.amazon.com/lambda/pricing/, Arm
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND: Tiers = ((7.5e9, 0.0000133334), (18.75e9, 0.0000120001), (math.inf, 0.0000106667))
# https://aws.amazon.com/cloudwatch/pricing/, Lambda's logs without their storage
LOGS_GB: Tiers = ((10e3, 0.50), (30e3, 0.25), (50e3, 0.10), (math.inf, 0.05))
METRIC_MONTH = 0.30  # each of the first 10,000
# https://aws.amazon.com/xray/pricing/; X-Ray traces one request per second and 5 % of the others
TRACE = 5e-6
TRACED_A_SECOND, TRACED_SHARE = 1, 0.05
# https://aws.amazon.com/ec2/pricing/on-demand/, data transfer out
TRANSFER_GB = 0.09
# https://aws.amazon.com/cloudfront/pricing/, United States. What AWS's services send to CloudFront is free.
# The price of a request is from copies of AWS's price list: "$0.0100 per 10,000 HTTPS Requests".
CLOUDFRONT_REQUEST = 1e-6
CLOUDFRONT_GB = 0.085  # each of the first 10,000 in a month
# https://aws.amazon.com/s3/pricing/: $0.0004 for 1,000 GET requests. CloudFront keeps index.html and config.json for a
# second only, so the simulation charges each of these requests at S3 too. That is an upper limit.
S3_GET = 0.4e-6
# Unconfirmed, so no total contains it: AWS's price page could not be read.
COGNITO_READ_A_SECOND_MONTH = 20.0
