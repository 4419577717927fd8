//! The environment as text.

use std::{collections::BTreeMap, ffi::OsString};

use super::{ConfigError, keys::KEYS};

/// Returns the variables that are UTF-8. Others are ignored, unless they are variables of Guildhall.
///
/// # Errors
/// When a variable of Guildhall is not UTF-8. The error names it.
pub fn text(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut texts = BTreeMap::new();
    for (name, value) in variables {
        let Ok(name) = name.into_string() else {
            continue;
        };
        match value.into_string() {
            Ok(value) => drop(texts.insert(name, value)),
            Err(_) if is_ours(&name) => return Err(ConfigError::NotText(name)),
            Err(_) => {}
        }
    }
    Ok(texts)
}

/// The maximum edit distance at which a variable that nothing reads is taken for a misspelled one.
const MOST_SLIPS: usize = 2;
/// The number of characters that all variables of flags share, those of `ENABLE_`.
const SHARED_LENGTH: usize = 7;

/// Names the variables that nothing reads and whose names are close to a known one. They may be another program's, so they are no
/// error, unlike unknown ones with Guildhall's prefix.
pub(super) fn near_misses(environment: &BTreeMap<String, String>) -> Vec<String> {
    let known = || KEYS.iter().map(|key| key.variable);
    environment.keys().filter_map(|name| near_miss(name, known(), MOST_SLIPS)).collect()
}

/// Names the variables that no flag of `known` has and whose names are close to that of one. All share the characters of `ENABLE_`, so at
/// most a third of the others may differ.
pub(super) fn near_switches(
    switches: &BTreeMap<String, String>,
    known: &[&'static str],
) -> Vec<String> {
    let word = |name: &String| {
        let own = name.len().saturating_sub(SHARED_LENGTH);
        near_miss(name, known.iter().copied(), MOST_SLIPS.min(own / 3))
    };
    switches.keys().filter_map(word).collect()
}

/// Returns the words for a variable that differs from the nearest of `known` by at most `most` characters, but differs.
fn near_miss(name: &str, known: impl Iterator<Item = &'static str>, most: usize) -> Option<String> {
    let bare = name.strip_suffix("_FILE").unwrap_or(name);
    // Names of other lengths are not compared: there are many of them.
    let alike = known.filter(|known| known.len().abs_diff(bare.len()) <= most);
    let (slips, nearest) = alike.map(|known| (strsim::levenshtein(bare, known), known)).min()?;
    let is_near = (1..=most).contains(&slips);
    is_near.then(|| format!("nothing reads the variable {name}: did you mean {nearest}?"))
}

fn is_ours(name: &str) -> bool {
    let bare = name.strip_suffix("_FILE").unwrap_or(name);
    name.starts_with("GUILDHALL_") || KEYS.iter().any(|key| key.variable == bare)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    #[test]
    fn misspelled_names_are_distinguished_from_others() {
        let close = |name: &str| {
            let given = BTreeMap::from([(name.to_owned(), "x".to_owned())]);
            near_misses(&given).concat()
        };
        for (name, known) in [
            ("GUILDHAL_BIND", "GUILDHALL_BIND"),
            ("GITHUB_WEBHOOK_SECRETS", "GITHUB_WEBHOOK_SECRET"),
            ("DATABASE_URI", "DATABASE_URL"),
            ("SMTP_PASWORD_FILE", "SMTP_PASSWORD"),
        ] {
            assert!(close(name).ends_with(&format!("did you mean {known}?")), "{name}");
        }
        for name in ["DATABASE_URL", "SMTP_PASSWORD_FILE", "PATH", "HOME", "LANG"] {
            assert_eq!(close(name), "", "{name}");
        }
    }

    #[test]
    fn a_misspelled_flag_is_named_and_those_of_other_programs_are_not() {
        let known = ["ENABLE_CTF", "ENABLE_HACKATHONS", "GAME_PLATFORM_INTEGRATION_ENABLED"];
        let close = |name: &str| {
            let given = BTreeMap::from([(name.to_owned(), "false".to_owned())]);
            near_switches(&given, &known).concat()
        };
        for (name, known) in [
            ("ENABLE_HACKATON", "ENABLE_HACKATHONS"),
            ("ENABLED_HACKATHONS", "ENABLE_HACKATHONS"),
            ("ENABLE_CTFS", "ENABLE_CTF"),
            ("GAME_PLATFORM_INTEGRATION_ENABLE", "GAME_PLATFORM_INTEGRATION_ENABLED"),
        ] {
            assert!(close(name).ends_with(&format!("did you mean {known}?")), "{name}");
        }
        for name in ["ENABLE_CTF", "ENABLE_HACKATHONS", "ENABLE_CDN", "ENABLE_LOGS", "ENABLE_"] {
            assert_eq!(close(name), "", "{name}");
        }
    }

    #[test]
    fn only_our_own_variables_must_be_text() {
        let odd = || OsString::from_vec(vec![0x66, 0xff]);
        for name in ["GUILDHALL_DATA_DIR", "GITHUB_WEBHOOK_SECRET", "DATABASE_URL_FILE"] {
            let refused = text([(name.into(), odd())]).expect_err(name).to_string();
            assert!(refused.starts_with(name), "{refused}");
        }
        let others = text([("LS_COLORS".into(), odd()), (odd(), odd())]).expect("passed over");
        assert!(others.is_empty());
    }
}
