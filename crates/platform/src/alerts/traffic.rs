//! Incidents of what the server answers, from the counts of all processes by minute. Each share is of a least number of requests:
//! below it, a few failures would be a large share. `ops/prometheus/guildhall.rules.yml` has the same conditions.

use chrono::TimeDelta;
use kernel::counted;

use super::{Incident, Severity};
use crate::{
    ActionError,
    module::{AlertRule, Services},
    traffic::{self, Sums},
};

/// The page that shows how the server is.
const PAGE: &str = "/admin/health";

/// The minutes of which failures and slow answers are a share.
const SHORT: TimeDelta = TimeDelta::minutes(15);
/// The minutes of which the availability and the share of the cache are.
const LONG: TimeDelta = TimeDelta::hours(1);

/// The fewest requests of which a share is taken.
const FEWEST: i64 = 100;
/// The fewest failures that make the server unavailable: a single one wakes no one.
const FEWEST_FAILED: i64 = 5;
/// The fewest answers of pages for everyone of which the share of the cache is taken.
const FEWEST_PAGES: i64 = 3_000;
/// The fewest connections in [`SHORT`] that could not be had.
const FEWEST_LOST: i64 = 5;

/// More than 1 % of the requests of fifteen minutes, of at least 100, were answered with a status of 500 or more.
pub(super) const ERROR_RATE: AlertRule =
    AlertRule::new("error_rate", |services| Box::pin(look(services, SHORT, error_rate)));
/// The 95th percentile of the duration of requests of fifteen minutes is over a second: more than 5 % of at least 100 took longer.
pub(super) const RESPONSE_TIME: AlertRule =
    AlertRule::new("response_time", |services| Box::pin(look(services, SHORT, response_time)));
/// Less than 99.5 % of the requests of an hour, of at least 100, were answered with a status below 500; at least five were not.
pub(super) const AVAILABILITY: AlertRule =
    AlertRule::new("availability", |services| Box::pin(look(services, LONG, availability)));
/// More than 1 % of the API's requests of fifteen minutes, of at least 100, failed, or more than 25 % were refused.
pub(super) const API_ERRORS: AlertRule =
    AlertRule::new("api_errors", |services| Box::pin(look(services, SHORT, api_errors)));
/// At least five connections to the database could not be had in fifteen minutes.
pub(super) const CONNECTIONS: AlertRule =
    AlertRule::new("database_connections", |services| Box::pin(look(services, SHORT, connections)));
/// Less than 10 % of the pages for everyone of an hour, of at least 3,000, came from the cache.
pub(super) const PAGE_CACHE: AlertRule =
    AlertRule::new("page_cache", |services| Box::pin(look(services, LONG, page_cache)));

/// Applies a rule to the sums of the last `window`.
async fn look<I: IntoIterator<Item = Incident>>(
    services: &Services,
    window: TimeDelta,
    rule: fn(&Sums) -> I,
) -> Result<Vec<Incident>, ActionError> {
    let context = &services.context;
    let sums = traffic::since(&context.db, context.now() - window).await?;
    Ok(rule(&sums).into_iter().collect())
}

/// Returns true if more than `permille` of a thousand of `whole`, which is at least [`FEWEST`], are `part`.
fn is_over(part: i64, whole: i64, permille: i64) -> bool {
    whole >= FEWEST && part.saturating_mul(1_000) > whole.saturating_mul(permille)
}

/// Writes a share in percent with one decimal, rounded down: "1.2 %".
fn percent(part: i64, whole: i64) -> String {
    let tenths = part.saturating_mul(1_000) / whole.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn requests(count: i64) -> String {
    counted(count, "request", "requests")
}

fn incident(subject: &str, severity: Severity, title: String, text: &str) -> Incident {
    Incident {
        subject: subject.to_owned(),
        severity,
        title,
        text: format!("{text} See docs/operations.md, 'Responding to alerts'."),
        link: PAGE,
    }
}

fn error_rate(sums: &Sums) -> Option<Incident> {
    let Sums { requests: all, server_errors: failed, .. } = *sums;
    is_over(failed, all, 10).then(|| {
        let (share, of) = (percent(failed, all), requests(all));
        let title = format!("{share} of {of} failed in the last 15 minutes");
        let text = "People see error pages. Open the page, fix the checks that fail, and read the newest errors of the log: \
                    each has its request's ID.";
        incident("requests", Severity::High, title, text)
    })
}

fn response_time(sums: &Sums) -> Option<Incident> {
    let Sums { requests: all, slow_requests: slow, .. } = *sums;
    is_over(slow, all, 50).then(|| {
        let (share, of) = (percent(slow, all), requests(all));
        let title = format!("{share} of {of} took over a second in the last 15 minutes");
        let text = "The log has a line 'slow request' with the route for each. If all routes are slow, look at the processor, the \
                    disk and the database.";
        incident("requests", Severity::Medium, title, text)
    })
}

fn availability(sums: &Sums) -> Option<Incident> {
    let Sums { requests: all, server_errors: failed, .. } = *sums;
    (failed >= FEWEST_FAILED && is_over(failed, all, 5)).then(|| {
        let (share, of) = (percent(all - failed, all), requests(all));
        let title = format!("Only {share} of {of} were answered in the last hour");
        let text = "The others failed. Open the page and fix the checks that fail; if it fails too, run `guildhall doctor` on the \
                    server.";
        incident("requests", Severity::Critical, title, text)
    })
}

fn api_errors(sums: &Sums) -> Vec<Incident> {
    let Sums { api_requests: all, api_client_errors: refused, api_server_errors: failed, .. } =
        *sums;
    let failing = is_over(failed, all, 10).then(|| {
        let (share, of) = (percent(failed, all), requests(all));
        let title = format!("{share} of {of} to the API failed in the last 15 minutes (5xx)");
        let text = "Open the page, fix the checks that fail, and read the newest errors of the log: each has its request's ID.";
        incident("5xx", Severity::High, title, text)
    });
    let refusing = is_over(refused, all, 250).then(|| {
        let (share, of) = (percent(refused, all), requests(all));
        let title = format!("{share} of {of} to the API were refused in the last 15 minutes (4xx)");
        let text = "A client sends what the server does not take: an ended token, an old address, or too many requests. \
                    guildhall_http_request_duration_seconds has the routes; /docs/problems explains each code.";
        incident("4xx", Severity::Medium, title, text)
    });
    failing.into_iter().chain(refusing).collect()
}

fn connections(sums: &Sums) -> Option<Incident> {
    let lost = sums.failed_connections;
    (lost >= FEWEST_LOST).then(|| {
        let title = format!("{lost} connections to the database failed in the last 15 minutes");
        let text = "They could not be opened, or all were in use. Run `guildhall doctor` on the server; with PostgreSQL, compare \
                    max_connections with the processes that use it.";
        incident("database", Severity::High, title, text)
    })
}

fn page_cache(sums: &Sums) -> Option<Incident> {
    let all = sums.pages_kept + sums.pages_rendered;
    let is_low = all >= FEWEST_PAGES && sums.pages_kept.saturating_mul(10) < all;
    is_low.then(|| {
        let (share, of) = (percent(sums.pages_kept, all), requests(all));
        let title = format!("Only {share} of {of} for public pages came from the cache in the last hour");
        let text = "Nearly each request renders its page: a client reads very many different pages, or data changes all the time. \
                    If pages are slow, limit the client in front of the server.";
        incident("pages", Severity::Medium, title, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found = Vec<(String, Severity, String)>;

    fn found<I: IntoIterator<Item = Incident>>(rule: fn(&Sums) -> I, sums: Sums) -> Found {
        rule(&sums).into_iter().map(|it| (it.subject, it.severity, it.title)).collect()
    }

    fn count(rule: fn(&Sums) -> Option<Incident>, sums: Sums) -> usize {
        found(rule, sums).len()
    }

    #[test]
    fn more_than_one_percent_of_enough_requests_fail() {
        for (requests, server_errors, expected) in
            [(0, 0, 0), (99, 99, 0), (100, 1, 0), (100, 2, 1), (10_000, 100, 0), (10_000, 101, 1)]
        {
            let sums = Sums { requests, server_errors, client_errors: 50, ..Sums::default() };
            assert_eq!(count(error_rate, sums), expected, "{server_errors} of {requests}");
        }
        let sums = Sums { requests: 1_200, server_errors: 15, ..Sums::default() };
        let title = "1.2 % of 1200 requests failed in the last 15 minutes".to_owned();
        assert_eq!(found(error_rate, sums), [("requests".to_owned(), Severity::High, title)]);
    }

    #[test]
    fn more_than_five_percent_of_enough_requests_are_slow() {
        for (requests, slow_requests, expected) in
            [(99, 99, 0), (100, 5, 0), (100, 6, 1), (2_000, 100, 0), (2_000, 101, 1)]
        {
            let sums = Sums { requests, slow_requests, ..Sums::default() };
            assert_eq!(count(response_time, sums), expected, "{slow_requests} of {requests}");
        }
    }

    #[test]
    fn the_server_is_unavailable_after_some_failures() {
        for (requests, server_errors, expected) in [
            (99, 99, 0),
            (100, 4, 0),
            (100, 5, 1),
            (1_000, 5, 0),
            (1_000, 6, 1),
            (100_000, 500, 0),
            (100_000, 501, 1),
        ] {
            let sums = Sums { requests, server_errors, ..Sums::default() };
            assert_eq!(count(availability, sums), expected, "{server_errors} of {requests}");
        }
        let sums = Sums { requests: 200, server_errors: 10, ..Sums::default() };
        let expected = "Only 95.0 % of 200 requests were answered in the last hour".to_owned();
        let found = found(availability, sums);
        assert_eq!(found, [("requests".to_owned(), Severity::Critical, expected)]);
    }

    #[test]
    fn the_api_fails_or_refuses() {
        for (all, refused, failed, expected) in [
            (99, 99, 99, vec![]),
            (100, 25, 1, vec![]),
            (100, 26, 1, vec!["4xx"]),
            (100, 25, 2, vec!["5xx"]),
            (100, 26, 2, vec!["5xx", "4xx"]),
        ] {
            let sums = Sums {
                api_requests: all,
                api_client_errors: refused,
                api_server_errors: failed,
                ..Sums::default()
            };
            let subjects: Vec<String> =
                found(api_errors, sums).into_iter().map(|(subject, ..)| subject).collect();
            assert_eq!(subjects, expected, "{refused} and {failed} of {all}");
        }
    }

    #[test]
    fn some_connections_fail() {
        for (failed_connections, expected) in [(0, 0), (4, 0), (5, 1)] {
            let sums = Sums { failed_connections, ..Sums::default() };
            assert_eq!(count(connections, sums), expected, "{failed_connections}");
        }
    }

    #[test]
    fn few_of_many_pages_are_kept() {
        for (pages_kept, pages_rendered, expected) in
            [(0, 0, 0), (0, 2_999, 0), (299, 2_701, 1), (300, 2_700, 0), (0, 3_000, 1)]
        {
            let sums = Sums { pages_kept, pages_rendered, ..Sums::default() };
            assert_eq!(count(page_cache, sums), expected, "{pages_kept} and {pages_rendered}");
        }
    }
}
