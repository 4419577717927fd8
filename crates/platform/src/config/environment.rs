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

fn is_ours(name: &str) -> bool {
    let bare = name.strip_suffix("_FILE").unwrap_or(name);
    name.starts_with("GUILDHALL_") || KEYS.iter().any(|key| key.variable == bare)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

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
