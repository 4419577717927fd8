use chrono::TimeDelta;

/// Reads a length of time such as `30m`, `24h`, `7d` or `0`; at most a year.
pub(super) fn read(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "write minutes, hours or days, such as 30m, 24h or 7d".to_owned();
    if text == "0" {
        return Ok(TimeDelta::zero());
    }
    let (number, minutes) = [("m", 1), ("h", 60), ("d", 24 * 60)]
        .into_iter()
        .find_map(|(unit, minutes)| Some((text.strip_suffix(unit)?, minutes)))
        .ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let span = TimeDelta::minutes(i64::from(number) * minutes);
    match span <= TimeDelta::days(366) {
        true => Ok(span),
        false => Err("write at most 366d".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        for (text, minutes) in [("0", 0), ("30m", 30), ("24h", 1_440), ("7d", 10_080)] {
            assert_eq!(read(text), Ok(TimeDelta::minutes(minutes)), "{text}");
        }
        for wrong in ["", "h", "24", "-1h", "1.5h", "24 h", "367d", "99999999999d"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
