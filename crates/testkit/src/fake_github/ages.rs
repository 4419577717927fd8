use kernel::Timestamp;

/// The earliest usual creation of an account, 2012-03-01T10:00:00Z, in Unix time.
const FIRST_CREATION: i64 = 1_330_596_000;

/// The number of days, until 2020, on which usual accounts were created.
const CREATION_DAYS: i64 = 2_900;

/// Returns when an account was created on every fake, unless another time is set: years ago.
#[must_use]
pub fn usual_creation(account: i64) -> Timestamp {
    let day = account.rem_euclid(CREATION_DAYS);
    Timestamp::from_timestamp(FIRST_CREATION + day * 86_400, 0).unwrap_or_default()
}
