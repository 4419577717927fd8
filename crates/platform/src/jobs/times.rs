/// Says when a schedule runs (UTC): "every 15 minutes", "hourly at :25", "daily at 03:50" or "Sundays at 02:15". Returns a
/// cron expression of another form as it is.
#[must_use]
pub fn times_in_words(cron: &str) -> String {
    in_words(cron).unwrap_or_else(|| cron.to_owned())
}

fn in_words(cron: &str) -> Option<String> {
    let fields: Vec<&str> = cron.split(' ').collect();
    let [minute, hour, "*", "*", weekday] = fields[..] else {
        return None;
    };
    match (minute, hour, weekday) {
        ("*", "*", "*") => Some("every minute".to_owned()),
        (minutes, "*", "*") => match minutes.strip_prefix("*/") {
            Some(step) => Some(format!("every {step} minutes")),
            None => {
                Some(format!("hourly at {}", joined(minutes, |minute| format!(":{minute:02}"))?))
            }
        },
        (minute, hours, weekday) => {
            let minute: u8 = minute.parse().ok()?;
            let at = joined(hours, |hour| format!("{hour:02}:{minute:02}"))?;
            let days = match weekday {
                "*" => "daily",
                "0" => "Sundays",
                "1" => "Mondays",
                _ => return None,
            };
            Some(format!("{days} at {at}"))
        }
    }
}

/// Writes each of the numbers of a field; `None` if it has anything else.
fn joined(numbers: &str, form: impl Fn(u8) -> String) -> Option<String> {
    let each = numbers.split(',').map(|number| number.parse::<u8>().ok().map(&form));
    let all: Option<Vec<String>> = each.collect();
    Some(all?.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_times_are_words_and_others_stay() {
        for (cron, words) in [
            ("* * * * *", "every minute"),
            ("*/15 * * * *", "every 15 minutes"),
            ("25 * * * *", "hourly at :25"),
            ("5,35 * * * *", "hourly at :05 and :35"),
            ("50 3 * * *", "daily at 03:50"),
            ("20 5,17 * * *", "daily at 05:20 and 17:20"),
            ("15 2 * * 0", "Sundays at 02:15"),
            ("0 0 1 * *", "0 0 1 * *"),
            ("*/5 3 * * *", "*/5 3 * * *"),
            ("10-20 * * * *", "10-20 * * * *"),
        ] {
            assert_eq!(times_in_words(cron), words);
        }
    }
}
