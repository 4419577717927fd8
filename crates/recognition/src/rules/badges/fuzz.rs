//! Criteria by admins never cause a panic.

use testkit::growth::linear;

use super::Criteria;

/// Criteria that are accepted are stored, and must be accepted again in the form in which they are stored.
#[test]
fn criteria() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        match Criteria::stored(&text) {
            Ok(criteria) => {
                let stored = criteria.document().to_string();
                assert_eq!(Criteria::stored(&stored).as_ref(), Ok(&criteria), "{stored}");
                assert!(!criteria.sentence(&[]).is_empty());
            }
            Err(errors) => assert!(errors.iter().all(|error| !error.message.is_empty())),
        }
    }));
}
