//! Text from outside never panics the readers of tokens, and they take what was made here alone.
//! `BOLERO_RANDOM_ITERATIONS=1000000 cargo test -p identity --test fuzz_token` runs a million cases.

use identity::model::UserId;
use identity::rules::{Access, Signer, is_link_token, is_token, link_token, token};
use kernel::Timestamp;
use uuid::Uuid;

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
        .for_each(|(random, place, email)| {
            let made = token(*random);
            assert!(is_token(&made), "{made}");
            let mut other = made.clone().into_bytes();
            let place = usize::from(*place) % other.len();
            other[place] = *email;
            let other = String::from_utf8_lossy(&other);
            assert_eq!(is_token(&other), other == made, "{other}");
        });
}

#[test]
fn whatever_is_shown_is_no_link() {
    bolero::check!()
        .with_type::<String>()
        .for_each(|text: &String| {
            assert!(!is_link_token(text), "nobody makes {text} by chance");
            let with_prefix = format!("guildhall_link_{text}");
            assert!(!is_link_token(&with_prefix) || text.len() == 64);
        });
}

#[test]
fn a_link_is_taken_and_no_letter_of_it_can_be_what_none_has() {
    bolero::check!()
        .with_type::<([u8; 32], u8, u8)>()
        .for_each(|(random, place, email)| {
            let made = link_token(*random);
            assert!(is_link_token(&made), "{made}");
            let mut other = made.clone().into_bytes();
            let place = usize::from(*place) % other.len();
            other[place] = *email;
            let other = String::from_utf8_lossy(&other);
            let is_digit = email.is_ascii_digit() || (b'a'..=b'f').contains(email);
            let is_in_place = place >= "guildhall_link_".len() && is_digit;
            assert_eq!(
                is_link_token(&other),
                is_in_place || other == made,
                "{other}"
            );
        });
}

fn signer() -> Signer {
    Signer::new(
        || vec!["key".to_owned().into()],
        "https://hall.example".to_owned(),
    )
}

#[test]
fn whatever_is_shown_is_no_access_token() {
    bolero::check!()
        .with_type::<String>()
        .for_each(|text: &String| {
            let (signer, now) = (signer(), Timestamp::UNIX_EPOCH);
            for shown in [text.clone(), format!("{text}.{text}.{text}")] {
                signer
                    .read(&shown, now)
                    .expect_err("nobody signs by chance");
            }
        });
}

#[test]
fn no_letter_of_an_access_token_can_be_another() {
    bolero::check!()
        .with_type::<(u128, u16, u8)>()
        .for_each(|(id, place, email)| {
            let (signer, now) = (signer(), Timestamp::UNIX_EPOCH);
            let access = Access {
                user_id: UserId::new(Uuid::from_u128(*id)),
                family: Uuid::from_u128(id.rotate_left(64)),
            };
            let made = signer.issue(access, now);
            assert_eq!(signer.read(&made, now), Ok(access));
            let mut other = made.clone().into_bytes();
            let place = usize::from(*place) % other.len();
            other[place] = *email;
            let other = String::from_utf8_lossy(&other);
            assert_eq!(signer.read(&other, now).is_ok(), other == made, "{other}");
        });
}
