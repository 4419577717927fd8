//! Searches the logs of tests for the secrets that the tests generated or were given.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, ensure};

/// The prefix of Guildhall's tokens, which no log may contain.
const PREFIX: &str = "glh_";

/// The folder of the logs, below cargo's target folder.
pub(crate) const LOGS: &str = "test-logs";

/// Empties the folder of the logs.
pub(crate) fn fresh(target: &Path) -> Result<PathBuf> {
    let folder = target.join(LOGS);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Searches every log for every secret.
pub(crate) fn look(folder: &Path) -> Result<()> {
    let files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let (mut secrets, mut logs) = (BTreeSet::from([PREFIX.to_owned()]), Vec::new());
    for file in files {
        match file.extension().is_some_and(|end| end == "txt") {
            true => secrets.extend(fs::read_to_string(&file)?.lines().map(str::to_owned)),
            false => logs.push(file),
        }
    }
    ensure!(
        secrets.len() > 1 && !logs.is_empty(),
        "found no test logs or no planted secrets in {}",
        folder.display()
    );
    let secrets: Vec<String> = secrets.into_iter().collect();
    let wanted = AhoCorasick::new(&secrets).context("too many secrets")?;
    let mut leaks = Vec::new();
    for log in &logs {
        leaks.extend(leaks_of(log, &wanted)?);
    }
    ensure!(
        leaks.is_empty(),
        "{} log lines contain a secret: {}",
        leaks.len(),
        leaks[..leaks.len().min(5)].join("; ")
    );
    println!("searched for {} secrets in {} logs: none found", secrets.len(), logs.len());
    Ok(())
}

/// Returns the lines of a log that contain a secret, without the secret.
fn leaks_of(log: &Path, wanted: &AhoCorasick) -> Result<Vec<String>> {
    let mut leaks = Vec::new();
    for (number, line) in BufReader::new(File::open(log)?).split(b'\n').enumerate() {
        let line = line?;
        if let Some(found) = wanted.find(&line) {
            let before =
                String::from_utf8_lossy(&line[found.start().saturating_sub(60)..found.start()]);
            leaks.push(format!("{}:{}: …{before}[secret]", log.display(), number + 1));
        }
    }
    Ok(leaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_log_is_reported_without_being_printed() {
        let target = std::env::temp_dir().join(format!("planted-{}", std::process::id()));
        let folder = fresh(&target).expect("a folder");
        assert!(look(&folder).is_err(), "nothing was looked through");
        fs::write(folder.join("planted-1.txt"), "correct horse\n").expect("written");
        fs::write(folder.join("it-1.log"), b"one\ntwo \xc3\xbc\n").expect("written");
        look(&folder).expect("clean");
        for leak in ["say correct horse\n", "Bearer glh_pat_x\n"] {
            fs::write(folder.join("it-2.log"), format!("fine\n{leak}")).expect("written");
            let said = look(&folder).expect_err("found").to_string();
            assert!(said.contains("it-2.log:2") && !said.contains("horse"), "{said}");
        }
        fs::remove_dir_all(&target).expect("removed");
    }
}
