//! Text from outside never panics the reader of tokens, and it takes what was made here alone.
//! `BOLERO_RANDOM_ITERATIONS=1000000 cargo test -p identity --test fuzz_token` runs a million cases.

use identity::rules::{is_token, token};

#[test]
fn whatever_is_shown_is_read_without_a_panic() {
    bolero::check!()
        .with_type::<String>()
        .for_each(|text: &String| {
            assert!(!is_token(text), "nobody makes {text} by chance");
            let with_prefix = format!("glh_pat_{text}");
            assert!(!is_token(&with_prefix) || with_prefix.len() == 57);
        });
}

#[test]
fn what_is_made_is_taken_and_no_letter_of_it_can_be_another() {
    bolero::check!()
        .with_type::<([u8; 32], u8, u8)>()
        .for_each(|(random, place, letter)| {
            let made = token(*random);
            assert!(is_token(&made), "{made}");
            let mut other = made.clone().into_bytes();
            let place = usize::from(*place) % other.len();
            other[place] = *letter;
            let other = String::from_utf8_lossy(&other);
            assert_eq!(is_token(&other), other == made, "{other}");
        });
}
