use chrono_tz::Tz;
use kernel::{Problem, ProblemKind};

/// The time zone with a name of the time zone database: `Europe/Berlin`.
///
/// # Errors
/// A sentence when there is none.
pub fn timezone_named(name: &str) -> Result<Tz, Problem> {
    name.trim().parse().map_err(|_| {
        let detail = format!("There is no time zone '{name}': write it as Europe/Berlin or UTC.");
        Problem::new(ProblemKind::Invalid, "NO_SUCH_TIMEZONE", detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_by_name() {
        assert_eq!(timezone_named(" Europe/Berlin "), Ok(Tz::Europe__Berlin));
        for wrong in ["", "Berlin", "UTC+1", "europe/berlin"] {
            assert_eq!(
                timezone_named(wrong).expect_err(wrong).code,
                "NO_SUCH_TIMEZONE"
            );
        }
    }
}
