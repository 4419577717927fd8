use chrono_tz::{TZ_VARIANTS, Tz};
use kernel::{Problem, ProblemKind, typed::misread};

/// The maximum number of zones that an error names.
const NEAR: usize = 3;

/// Parses a time zone's name in the time zone database, such as `Europe/Berlin`.
///
/// # Errors
/// When the name is unknown.
pub fn timezone_named(name: &str) -> Result<Tz, Problem> {
    name.trim().parse().map_err(|_| {
        let near = near(name.trim());
        let detail = if near.is_empty() {
            misread(name, "a time zone", ", such as Europe/Berlin or UTC")
        } else {
            format!("Unknown time zone '{name}'. Did you mean {}?", kernel::listed(&near, "or"))
        };
        Problem::new(ProblemKind::Invalid, "NO_SUCH_TIMEZONE", detail)
    })
}

/// Returns the zones of a city, or with a name in another case.
fn near(typed: &str) -> Vec<&'static str> {
    let wanted = typed.replace(' ', "_");
    let is_near = |name: &&str| {
        let city = name.rsplit('/').next().unwrap_or_default();
        name.eq_ignore_ascii_case(&wanted) || city.eq_ignore_ascii_case(&wanted)
    };
    TZ_VARIANTS.iter().copied().map(Tz::name).filter(is_near).take(NEAR).collect()
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
        let empty = timezone_named(" ").expect_err("empty").detail;
        assert_eq!(empty, "Enter a time zone, such as Europe/Berlin or UTC.");
        for (typed, near) in
            [("new york", "America/New_York?"), ("europe/lisbon", "Europe/Lisbon?")]
        {
            let detail = timezone_named(typed).expect_err(typed).detail;
            assert!(detail.contains(&format!("Did you mean {near}")), "{detail}");
        }
        assert!(timezone_named("UTC+1").expect_err("no zone").detail.contains("such as"));
    }
}
