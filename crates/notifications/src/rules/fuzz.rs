//! Typed settings never cause a panic.

use testkit::growth::linear;

use super::{clock, minutes, phone_number, typed_code};

#[test]
fn times_of_day() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(Some(minutes)) = minutes(&text) {
            assert_eq!(clock(minutes), text.trim());
        }
    }));
}

#[test]
fn phone_numbers() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(number) = phone_number(&text) {
            assert_eq!(phone_number(&number), Ok(number));
        }
        if let Ok(code) = typed_code(&text) {
            assert_eq!(typed_code(&code), Ok(code));
        }
    }));
}
