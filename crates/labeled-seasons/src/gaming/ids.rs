//! GitHub's IDs grow with time, so that an ID reveals the age of an account. The tables follow that growth roughly.

use kernel::Timestamp;

use testkit::rng::Rng;

/// Unix time and the ID of an account created then.
const ACCOUNTS: [(i64, i64); 9] = [
    (1_230_768_000, 45_000),
    (1_325_376_000, 1_300_000),
    (1_388_534_400, 6_300_000),
    (1_451_606_400, 16_500_000),
    (1_514_764_800, 35_000_000),
    (1_577_836_800, 59_500_000),
    (1_640_995_200, 97_000_000),
    (1_704_067_200, 155_000_000),
    (1_798_761_600, 300_000_000),
];

/// Unix time and the ID of a repository created then.
const REPOSITORIES: [(i64, i64); 7] = [
    (1_325_376_000, 3_000_000),
    (1_388_534_400, 15_600_000),
    (1_451_606_400, 48_700_000),
    (1_514_764_800, 115_000_000),
    (1_577_836_800, 230_000_000),
    (1_704_067_200, 737_000_000),
    (1_798_761_600, 1_320_000_000),
];

/// Draws the ID of an account that was created at `at`.
pub(super) fn account(rng: &mut Rng, at: Timestamp) -> i64 {
    along(&ACCOUNTS, at.timestamp()) + rng.between(0, 900)
}

/// Draws the ID of a repository that was created at `at`.
pub(super) fn repository(rng: &mut Rng, at: Timestamp) -> i64 {
    along(&REPOSITORIES, at.timestamp()) + rng.between(0, 900)
}

/// Interpolates between two entries; the last two also apply after the table's end.
fn along(table: &[(i64, i64)], at: i64) -> i64 {
    let next = table.partition_point(|(time, _)| *time <= at);
    let next = next.clamp(1, table.len() - 1);
    let ((from, low), (until, high)) = (table[next - 1], table[next]);
    let grown = i128::from(high - low) * i128::from(at - from) / i128::from(until - from);
    (low + i64::try_from(grown).unwrap_or_default()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_accounts_have_higher_ids() {
        let years = (0..18).map(|year| 1_230_768_000 + year * 31_557_600);
        let ids: Vec<i64> = years.map(|at| along(&ACCOUNTS, at)).collect();
        assert!(ids.is_sorted());
        assert_eq!(along(&ACCOUNTS, 1_577_836_800), 59_500_000);
        assert!(along(&REPOSITORIES, 1_830_000_000) > 1_320_000_000);
        assert_eq!(along(&REPOSITORIES, 0), 1);
    }
}
