"""The monthly costs of a deployment."""

from tools.scaling import assumptions as a

_DAY = 86_400


def costs(users: int, views: float, *, one_origin: bool = False) -> dict[str, float]:
    """Return the costs of a month in dollars, per service, if no quota refuses requests.

    Parameters
    ----------
    users : int
        1 to 10,000,000.
    views : float
        Page views per user and day.
    one_origin : bool
        Whether CloudFront passes the requests on, so that browsers send no preflights (spa/template.yaml). The page's
        files come from CloudFront and S3 in either case.
    """
    viewed = users * views * a.DAYS
    preflights = 0.0 if one_origin else viewed * (a.PREFLIGHTS_A_VIEW + a.CHANGES_A_VIEW)
    requests = viewed * (1 + a.CHANGES_A_VIEW)
    calls = preflights + requests
    gb_seconds = a.MEMORY_GB * (preflights * a.PREFLIGHT_SECONDS + requests * a.READ_SECONDS)
    always_traced = min(calls, a.TRACED_A_SECOND * a.DAYS * _DAY)
    metrics = a.METRICS_WITHOUT_PREFLIGHTS if one_origin else a.METRICS
    gigabytes = viewed * a.RESPONSE_BYTES / 1e9
    hours_with_calls = min(1.0, calls / (a.DAYS * 24))  # a metric is charged in hours in which it has values
    return {
        "API Gateway": _tiered(calls, a.GATEWAY),
        "Lambda": calls * a.LAMBDA_REQUEST + _tiered(gb_seconds, a.LAMBDA_GB_SECOND),
        "logs": _tiered(calls * a.LOG_BYTES / 1e9, a.LOGS_GB),
        "metrics": metrics * a.METRIC_MONTH * hours_with_calls,
        "traces": (always_traced + a.TRACED_SHARE * (calls - always_traced)) * a.TRACE,
        **(
            {"CloudFront": requests * a.CLOUDFRONT_REQUEST + gigabytes * a.CLOUDFRONT_GB}
            if one_origin
            else {"transfer": gigabytes * a.TRANSFER_GB}
        ),
        "page": _page(users, viewed),
    }


def _page(users: int, viewed: float) -> float:
    """Return the costs of the page's own files in a month."""
    checks = viewed * a.FILES_A_VIEW
    loads = min(viewed, users * a.RELEASES_A_MONTH)  # of a new release, at the first view after it
    gigabytes = (checks * a.UNCHANGED_BYTES + loads * a.RELEASE_BYTES) / 1e9
    requests = checks + loads * a.ASSETS
    return requests * a.CLOUDFRONT_REQUEST + gigabytes * a.CLOUDFRONT_GB + checks * a.S3_GET


def _tiered(amount: float, tiers: a.Tiers) -> float:
    total = below = 0.0
    for upper, price in tiers:
        total += max(0.0, min(amount, upper) - below) * price
        below = upper
    return total
