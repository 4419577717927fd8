use std::time::Instant;

use super::*;
use crate::web::rate::rule::tests::{CASES, quota};

#[test]
fn only_responses_of_the_script_are_accepted() {
    assert_eq!(read(&[1, 5, 6], 2), Some((vec![5, 6], true)));
    assert_eq!(read(&[0, 5], 1), Some((vec![5], false)));
    for strange in [vec![], vec![1], vec![2, 5], vec![1, -5], vec![1, 5, 6]] {
        assert_eq!(read(&strange, 1), None, "{strange:?}");
    }
}

/// Connects to the Redis at `TEST_REDIS_URL`.
async fn redis() -> MultiplexedConnection {
    let url = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL: the address of a Redis");
    let client = Client::open(url).expect("an address");
    let connection = client.get_multiplexed_async_connection().await;
    connection.expect("the Redis of TEST_REDIS_URL")
}

/// The script and the Rust implementation must agree.
#[tokio::test]
#[ignore = "needs Redis"]
async fn the_script_counts_as_the_rule_does() {
    const NOW: i64 = 1_800_000_000_000_000;
    let mut redis = redis().await;
    for (number, (quotas, debts, is_let_in)) in CASES.iter().enumerate() {
        let mut call = COUNT.prepare_invoke();
        let keys = (0..quotas.len()).map(|of| {
            let process = std::process::id();
            format!("{PREFIX}:test:{process}:{number}:{of}")
        });
        let keys: Vec<String> = keys.collect();
        for (key, (per_minute, ahead)) in keys.iter().zip(*quotas) {
            let mut set = redis::cmd("SET");
            set.arg(key).arg(NOW + ahead).arg("PX").arg(60_000);
            let () = set.query_async(&mut redis).await.expect("set");
            call.key(key).arg(quota(*per_minute).per_minute.get());
        }
        let started = Instant::now();
        let answer: Vec<i64> = call.arg(NOW).invoke_async(&mut redis).await.expect("run");
        let counted = read(&answer, keys.len());
        assert_eq!(counted, Some((debts.to_vec(), *is_let_in)), "{quotas:?}");
        for (key, debt) in keys.iter().zip(*debts).filter(|_| *is_let_in) {
            let mut get = redis::cmd("GET");
            let kept: Option<i64> = get.arg(key).query_async(&mut redis).await.expect("kept");
            let paid_at = NOW + i64::try_from(*debt).expect("small");
            // Redis deletes a key as soon as its debt is paid, which is after 1 ms in one case.
            let is_paid = started.elapsed() >= Duration::from_micros(*debt);
            assert!(
                kept == Some(paid_at) || (kept.is_none() && is_paid),
                "{quotas:?}: {kept:?} instead of {paid_at}"
            );
        }
    }
}

/// A stored value that is not a number must not block requests.
#[tokio::test]
#[ignore = "needs Redis"]
async fn a_foreign_key_is_overwritten() {
    let mut redis = redis().await;
    let key = format!("{PREFIX}:test:{}:strange", std::process::id());
    let mut set = redis::cmd("SET");
    let () = set.arg(&key).arg("soon").query_async(&mut redis).await.expect("set");
    let mut call = COUNT.prepare_invoke();
    let started = Instant::now();
    let answer: Vec<i64> = call.key(&key).arg(2).invoke_async(&mut redis).await.expect("run");
    assert_eq!(answer, [1, 30_000_000]);
    let lasts: i64 = redis::cmd("PTTL").arg(&key).query_async(&mut redis).await.expect("kept");
    let elapsed = i64::try_from(started.elapsed().as_millis()).expect("short");
    assert!((29_999 - elapsed..=30_000).contains(&lasts), "{lasts}");
}
