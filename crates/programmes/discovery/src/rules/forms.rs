//! Reads the fields of forms.

use std::str::FromStr;

/// The text of a field is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNumber;

/// Reads a number with a point or a comma before its decimals; `None` if the field is empty.
///
/// # Errors
/// When the text is not a number, or its comma may separate thousands.
pub fn number<T: FromStr>(text: &str) -> Result<Option<T>, NoNumber> {
    let text = text.trim();
    let decimals = text.split_once(',').map_or("", |(_, decimals)| decimals);
    if decimals.len() == 3 {
        return Err(NoNumber);
    }
    match text {
        "" => Ok(None),
        text => text.replace(',', ".").parse().map(Some).map_err(|_| NoNumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_point_or_a_comma() {
        for (text, expected) in [
            ("", Ok(None)),
            ("  ", Ok(None)),
            ("2", Ok(Some(2.0))),
            (" 2.5 ", Ok(Some(2.5))),
            ("2,5", Ok(Some(2.5))),
            ("0.125", Ok(Some(0.125))),
            ("1,000", Err(NoNumber)),
            ("1,000.5", Err(NoNumber)),
            ("1.000,5", Err(NoNumber)),
            ("many", Err(NoNumber)),
        ] {
            assert_eq!(number::<f64>(text), expected, "{text}");
        }
        assert_eq!(number::<i64>("2.5"), Err(NoNumber));
    }
}
