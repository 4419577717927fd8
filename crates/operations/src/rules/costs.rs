//! The costs of a month, in millionths of a dollar: what the month will cost, and what would lower it.

use kernel::{Month, Timestamp, dollars};

/// The seconds of a day. The elapsed part of a month counts as at least one day, so that its first calls are no forecast.
const DAY: i64 = 86_400;
/// The bytes that are paid as a gigabyte.
const GIGABYTE: i128 = 1_000_000_000;
/// The cost of a unit above which cheaper ones are advised: $0.05.
const DEAR: i64 = 50_000;
/// The part of the cost that cheaper units save, in percent.
const CHEAPER_SAVES: i64 = 30;
/// The number of slow statements above which an index is advised.
const SLOW: i64 = 10;
/// The part of the cost of the database that an index saves, in percent.
const INDEX_SAVES: i64 = 20;

/// The elapsed part of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed {
    /// The elapsed seconds.
    pub seconds: i64,
    /// The seconds of the month.
    pub of: i64,
}

impl Elapsed {
    /// Returns the part of a month that has elapsed at an instant.
    #[must_use]
    pub fn of(month: Month, now: Timestamp) -> Self {
        let of = (month.end() - month.start()).num_seconds();
        Self { seconds: (now - month.start()).num_seconds().clamp(0, of), of }
    }

    /// Returns the cost of the whole month if it goes on as before.
    #[must_use]
    pub fn projected(self, cost: i64) -> i64 {
        share(cost, self.of, self.seconds.max(DAY))
    }

    /// Returns the elapsed part in percent.
    #[must_use]
    pub fn percent(self) -> i64 {
        share(100, self.seconds, self.of)
    }

    /// Returns the elapsed part of a cost of the whole month.
    #[must_use]
    pub fn so_far(self, of_month: i64) -> i64 {
        share(of_month, self.seconds, self.of)
    }
}

/// Returns `amount` × `part` / `of`.
fn share(amount: i64, part: i64, of: i64) -> i64 {
    let share = i128::from(amount) * i128::from(part) / i128::from(of.max(1));
    i64::try_from(share).unwrap_or(i64::MAX)
}

/// Returns the cost of bytes at the price of a gigabyte.
#[must_use]
pub fn in_gigabytes(bytes: i64, price: u64) -> i64 {
    i64::try_from(i128::from(bytes) * i128::from(price) / GIGABYTE).unwrap_or(i64::MAX)
}

/// The cost of a service in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceCost {
    /// Its code in the API.
    pub code: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The unit of its use, such as "calls".
    pub unit: &'static str,
    /// Its use in this month; absent while it is not measured.
    pub units: Option<i64>,
    /// Its cost in this month.
    pub cost: i64,
    /// The projected cost of the whole month.
    pub projected: i64,
    /// The cost of the previous month; absent if it was not measured.
    pub previous: Option<i64>,
    /// The budget of a month; 0 if there is none.
    pub budget: i64,
    /// The environment variables of its prices.
    pub priced_by: &'static str,
    /// The step that makes its units cheaper.
    pub cheaper: Option<&'static str>,
}

impl ServiceCost {
    /// Returns true if the month will cost more than its budget.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.budget > 0 && self.projected > self.budget
    }
}

/// Returns true if a cost is more than 150 % of a budget. 0 is none.
#[must_use]
pub fn is_far_over(cost: i64, budget: i64) -> bool {
    budget > 0 && i128::from(cost) * 2 > i128::from(budget) * 3
}

/// A way to lower the costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The kind of step: `cheaper_units` or `index`.
    pub code: &'static str,
    /// The name of the service that would cost less.
    pub service: &'static str,
    /// The numbers that it is based on, and the next step.
    pub text: String,
    /// The estimated saving in a month, in millionths of a dollar.
    pub saving: i64,
}

/// Returns what would lower the costs: cheaper units where one costs more than $0.05, which saves 30 %; an index for more than ten
/// slow statements, which saves 20 % of the database.
#[must_use]
pub fn advice(services: &[ServiceCost], database: &ServiceCost, slow: i64) -> Vec<Advice> {
    let units = services.iter().filter_map(cheaper_units);
    let index = (slow > SLOW).then(|| Advice {
        code: "index",
        service: database.title,
        text: format!(
            "{slow} different statements took longer than 500 ms in the last 14 days. Add an index for the most frequent ones."
        ),
        saving: share(database.projected, INDEX_SAVES, 100),
    });
    units.chain(index).collect()
}

fn cheaper_units(service: &ServiceCost) -> Option<Advice> {
    let (step, units) = service.cheaper.zip(service.units.filter(|units| *units > 0))?;
    let each = service.cost / units;
    (each > DEAR).then(|| Advice {
        code: "cheaper_units",
        service: service.title,
        text: format!(
            "One of {units} {} costs {} on average, more than {}. {step}",
            service.unit,
            dollars(each),
            dollars(DEAR)
        ),
        saving: share(service.projected, CHEAPER_SAVES, 100),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOLLAR: i64 = 1_000_000;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_month_goes_on_as_before() {
        let month: Month = "2026-11".parse().expect("a month");
        for (now, cost, projected) in [
            // The first hours count as a day.
            ("2026-11-01T00:00:00Z", DOLLAR, 30 * DOLLAR),
            ("2026-11-01T06:00:00Z", DOLLAR, 30 * DOLLAR),
            ("2026-11-02T00:00:00Z", DOLLAR, 30 * DOLLAR),
            ("2026-11-11T00:00:00Z", DOLLAR, 3 * DOLLAR),
            ("2026-11-16T00:00:00Z", 7, 14),
            ("2026-12-01T00:00:00Z", DOLLAR, DOLLAR),
            ("2026-12-09T00:00:00Z", DOLLAR, DOLLAR),
            ("2026-11-16T00:00:00Z", i64::MAX, i64::MAX),
        ] {
            assert_eq!(Elapsed::of(month, at(now)).projected(cost), projected, "{now}");
        }
        let half = Elapsed::of(month, at("2026-11-16T00:00:00Z"));
        assert_eq!((half.so_far(10), half.so_far(0)), (5, 0));
    }

    #[test]
    fn bytes_are_paid_by_the_gigabyte() {
        for (bytes, price, cost) in [
            (0, 1_000_000, 0),
            (1_000_000_000, 250_000, 250_000),
            (500_000_000, 250_000, 125_000),
            (1, 1, 0),
            (i64::MAX, u64::MAX, i64::MAX),
        ] {
            assert_eq!(in_gigabytes(bytes, price), cost, "{bytes} at {price}");
        }
    }

    #[test]
    fn far_over_is_more_than_half_as_much_again() {
        for (cost, budget, is) in [
            (150, 100, false),
            (151, 100, true),
            (100, 0, false),
            (0, 100, false),
            (i64::MAX, 1, true),
            (i64::MAX, i64::MAX, false),
        ] {
            assert_eq!(is_far_over(cost, budget), is, "{cost} of {budget}");
        }
    }

    #[test]
    fn a_budget_of_nothing_is_none() {
        for (projected, budget, is) in [(5, 0, false), (5, 5, false), (6, 5, true)] {
            let cost = ServiceCost { projected, budget, ..ServiceCost::default() };
            assert_eq!(cost.is_over(), is, "{projected} of {budget}");
        }
    }

    /// A service whose calls can be made cheaper.
    fn model(calls: Option<i64>, cost: i64) -> ServiceCost {
        ServiceCost {
            title: "Language model",
            unit: "calls",
            units: calls,
            cost,
            projected: 2 * cost,
            cheaper: Some("Name a smaller model."),
            ..ServiceCost::default()
        }
    }

    #[test]
    fn dear_calls_and_slow_statements_are_advised_against() {
        let database =
            ServiceCost { title: "Database", projected: 40 * DOLLAR, ..ServiceCost::default() };
        let emails = ServiceCost { cheaper: None, ..model(Some(1), DOLLAR) };
        for (service, slow, expected) in [
            (model(Some(20), DOLLAR), 0, vec![]),
            (model(Some(19), DOLLAR), 0, vec![("cheaper_units", 600_000)]),
            (model(Some(0), DOLLAR), 0, vec![]),
            (model(None, DOLLAR), 10, vec![]),
            (emails, 11, vec![("index", 8 * DOLLAR)]),
            (
                model(Some(1), 10 * DOLLAR),
                12,
                vec![("cheaper_units", 6 * DOLLAR), ("index", 8 * DOLLAR)],
            ),
        ] {
            let found = advice(std::slice::from_ref(&service), &database, slow);
            let found: Vec<_> = found.iter().map(|one| (one.code, one.saving)).collect();
            assert_eq!(found, expected, "{service:?} {slow}");
        }
        let said = advice(&[model(Some(10), DOLLAR)], &database, 0);
        let text = "One of 10 calls costs $0.10 on average, more than $0.05. Name a smaller model.";
        assert_eq!(said[0].text, text);
    }
}
