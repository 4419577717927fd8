//! Addresses and filters that any client can send never cause a panic.

use testkit::growth::linear;

use crate::{audit::day, this_machine::is_this_machine};

#[test]
fn hosts_and_days() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if is_this_machine(&text) {
            let host = text.to_ascii_lowercase();
            let is_here =
                host.starts_with("localhost") || host.starts_with("127.") || host.starts_with('[');
            assert!(is_here, "{text}");
        }
        if let Ok(Some(day)) = day("from", &text) {
            assert!(day.to_string().len() == 10, "{day}");
        }
    }));
}
