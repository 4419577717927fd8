//! The number of text messages to all people.

/// How near the number of text messages of a day is to its maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLevel {
    Usual,
    /// At least four fifths are sent.
    High,
    /// The limit is reached: none may be sent.
    Reached,
}

#[must_use]
pub fn text_level(sent: i64, most: i64) -> TextLevel {
    if sent >= most {
        TextLevel::Reached
    } else if sent.saturating_mul(5) >= most.saturating_mul(4) {
        TextLevel::High
    } else {
        TextLevel::Usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_comes_before_the_maximum() {
        for (sent, most, expected) in [
            (0, 1, TextLevel::Usual),
            (1, 1, TextLevel::Reached),
            (3, 5, TextLevel::Usual),
            (4, 5, TextLevel::High),
            (5, 5, TextLevel::Reached),
            (399, 500, TextLevel::Usual),
            (400, 500, TextLevel::High),
            (499, 500, TextLevel::High),
            (501, 500, TextLevel::Reached),
            (i64::MAX, 500, TextLevel::Reached),
        ] {
            assert_eq!(text_level(sent, most), expected, "{sent} of {most}");
        }
    }
}
