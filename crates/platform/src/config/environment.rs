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

/// Names the variables that nothing reads and whose names are close to a known one. They may be another program's, so they are no
/// error, unlike unknown ones with Guildhall's prefix.
pub(super) fn near_misses(environment: &BTreeMap<String, String>) -> Vec<String> {
    let nearest = |name: &str| {
        let bare = name.strip_suffix("_FILE").unwrap_or(name);
        let known = KEYS.iter().map(|key| key.variable);
        // Names of other lengths are not compared: there are many of them.
        let alike = known.filter(|known| known.len().abs_diff(bare.len()) <= MOST_SLIPS);
        alike.map(|known| (strsim::levenshtein(bare, known), known)).min()
    };
    let word = |name: &String| match nearest(name)? {
        (1..=MOST_SLIPS, known) => {
            Some(format!("nothing reads the variable {name}: did you mean {known}?"))
        }
        _ => None,
    };
    environment.keys().filter_map(word).collect()
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
