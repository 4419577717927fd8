use kernel::counted;

use super::{
    Check,
    evidence::{Evidence, Secret},
};
use crate::model::{CheckKind, CheckOutcome};

/// The maximum number of secrets that are listed.
const MOST_LISTED: usize = 10;

/// Checks that the README, the license and the event's required files exist.
pub(super) fn required(evidence: &Evidence) -> Check {
    let kind = CheckKind::Files;
    let starts = |start: &str| {
        let is_one =
            |path: &str| !path.contains('/') && path.to_ascii_lowercase().starts_with(start);
        evidence.files.iter().any(|file| is_one(&file.path))
    };
    let has_license = evidence.has_license
        || ["license", "licence", "copying", "unlicense"].into_iter().any(starts);
    let mut missing = Vec::new();
    if !starts("readme") {
        missing.push("README".to_owned());
    }
    if !has_license {
        missing.push("LICENSE".to_owned());
    }
    let is_missing = |path: &&String| !evidence.files.iter().any(|file| file.path == **path);
    missing.extend(evidence.required.iter().filter(is_missing).cloned());
    match (missing.is_empty(), evidence.has_all_files) {
        (true, _) => Check::new(kind, CheckOutcome::Pass, found(evidence.required.len())),
        (false, true) => {
            let says =
                format!("Missing: {}. Add {} and push.", missing.join(", "), it_or_them(&missing));
            Check::new(kind, CheckOutcome::Fail, says)
        }
        (false, false) => {
            let says = format!(
                "The repository has too many files to list all. Not seen: {}.",
                missing.join(", ")
            );
            Check::new(kind, CheckOutcome::Warn, says)
        }
    }
}

fn found(required: usize) -> String {
    match required {
        0 => "README and license found.".to_owned(),
        required => format!(
            "README, license and {} found.",
            counted(required, "required file", "required files")
        ),
    }
}

fn it_or_them(missing: &[String]) -> &'static str {
    match missing.len() {
        1 => "it",
        _ => "them",
    }
}

/// Checks that the files contain no keys and passwords.
pub(super) fn secrets(evidence: &Evidence) -> Check {
    let kind = CheckKind::Secrets;
    let Some(secrets) = &evidence.secrets else {
        let says = "The files could not be searched for keys and passwords: they are too large, or the code host does not \
                    hand them out.";
        return Check::new(kind, CheckOutcome::Warn, says);
    };
    let listed = secrets.iter().take(MOST_LISTED);
    let mut says: Vec<String> = listed
        .map(|Secret { path, line, kind }| format!("{kind} in {path}, line {line}."))
        .collect();
    if secrets.len() > MOST_LISTED {
        says.push(format!("{} more.", secrets.len() - MOST_LISTED));
    }
    if !says.is_empty() {
        says.push(
            "Revoke each at its provider: everyone who can read the repository has it.".to_owned(),
        );
    }
    let passes =
        format!("No keys or passwords in {}.", counted(evidence.files.len(), "file", "files"));
    Check::of_findings(kind, CheckOutcome::Fail, says, passes)
}
