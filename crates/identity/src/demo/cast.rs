//! The people of the demo, in their own words.

use crate::{model::ProfileLink, rules::ProfileInput};

/// The lines of the cast, each with eight parts.
const CAST: &str = include_str!("cast.txt");

/// Returns the lines of the cast, in their parts.
fn lines() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = CAST.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('|').map(str::trim).collect())
}

/// Returns the profile of a person and the name of their face, which may be empty. Others than those of the cast say their name
/// only.
pub(super) fn of(login: &str) -> Option<(ProfileInput, &'static str)> {
    let Some(parts) = lines().find(|parts| parts.first() == Some(&login)) else {
        let name = ProfileInput { name: name_of(login), ..ProfileInput::default() };
        return Some((name, ""));
    };
    let [_, face, name, pronouns, location, open_to, link, bio] = parts.try_into().ok()?;
    let own = link_of(link);
    // Whoever is open to something, and has a site, can be written to.
    let site = own.as_ref().filter(|_| !open_to.is_empty());
    let input = ProfileInput {
        contact: site.map(|own| format!("hello@{}", own.label)).unwrap_or_default(),
        name: if name.is_empty() { name_of(login) } else { name.to_owned() },
        bio: bio.to_owned(),
        pronouns: pronouns.to_owned(),
        location: location.to_owned(),
        links: own.into_iter().collect(),
        open_to: open_to.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        ..ProfileInput::default()
    };
    Some((input, face))
}

/// Returns a link with its host as the label.
fn link_of(address: &str) -> Option<ProfileLink> {
    let host = address.strip_prefix("https://")?.split('/').next()?;
    Some(ProfileLink { label: host.to_owned(), address: address.to_owned() })
}

/// Makes a name of a login: "wren-oak" is Wren Oak.
fn name_of(login: &str) -> String {
    let word = |word: &str| {
        let mut rest = word.chars();
        let first = rest.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(rest).collect::<String>()
    };
    login.split('-').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::rules;

    #[test]
    fn everyone_of_the_cast_can_be_introduced() {
        let mut known = HashSet::new();
        for parts in lines() {
            let (input, face) = of(parts[0]).expect("eight parts");
            let profile = rules::profile(&input).expect("a valid profile");
            assert_eq!(profile.open_to.len(), input.open_to.len(), "{}", parts[0]);
            assert!(!profile.name.is_empty(), "{}", parts[0]);
            if !face.is_empty() {
                assert!(known.insert(face), "{face} is used twice");
                assert!(
                    super::super::faces::picture(face).expect("a face").starts_with(b"\x89PNG"),
                    "{face}"
                );
            }
        }
        assert!(known.len() > 30, "{}", known.len());
    }

    #[test]
    fn others_are_named_after_their_login() {
        let (input, face) = of("wren-oakes").expect("a name");
        assert_eq!((input.name.as_str(), face), ("Wren Oakes", ""));
    }
}
