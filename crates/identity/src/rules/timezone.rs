use chrono_tz::Tz;
use kernel::{Problem, ProblemKind};

/// Parses a time zone's name in the time zone database, such as `Europe/Berlin`.
///
/// # Errors
/// When the name is unknown.
pub fn timezone_named(name: &str) -> Result<Tz, Problem> {
    name.trim().parse().map_err(|_| {
        let detail =
            format!("Unknown time zone '{name}'. Use a name such as Europe/Berlin or UTC.");
        Problem::new(ProblemKind::Invalid, "NO_SUCH_TIMEZONE", detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_parsed_by_name() {
        assert_eq!(timezone_named(" Europe/Berlin "), Ok(Tz::Europe__Berlin));
        for wrong in ["", "Berlin", "UTC+1", "europe/berlin"] {
            assert_eq!(timezone_named(wrong).expect_err(wrong).code, "NO_SUCH_TIMEZONE");
        }
    }
}
