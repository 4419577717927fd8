//! Ceilings for checks that the tree does not meet everywhere yet: what is left may shrink, never grow.
//! `xtask/baseline.txt` has a line for each such check, its name and its ceiling; a check without a line
//! allows nothing.

use anyhow::{Context, Result, ensure};

const FILE: &str = include_str!("../../baseline.txt");

/// Compares what a check found with its ceiling.
pub(super) fn within(check: &str, found: usize, complaints: &[String]) -> Result<()> {
    judge(ceiling(FILE, check)?, check, found, complaints)
}

fn judge(ceiling: usize, check: &str, found: usize, complaints: &[String]) -> Result<()> {
    ensure!(
        found <= ceiling,
        "{found} found, at most {ceiling} allowed:\n  {}",
        complaints.join("\n  ")
    );
    if found > 0 {
        println!("{check}: {found} left of at most {ceiling} (xtask/baseline.txt)");
    }
    if found < ceiling {
        println!("{check}: lower its ceiling in xtask/baseline.txt to {found}");
    }
    Ok(())
}

fn ceiling(file: &str, check: &str) -> Result<usize> {
    let line = file
        .lines()
        .find_map(|line| line.strip_prefix(check)?.strip_prefix(' '));
    let number = line.map(|number| number.trim().parse::<usize>());
    let number = number.transpose();
    Ok(number
        .with_context(|| format!("xtask/baseline.txt: the ceiling of {check} is not a number"))?
        .unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{ceiling, judge};

    #[test]
    fn what_is_left_may_shrink_and_never_grow() {
        let file = "words 12\nsql 3\n";
        assert_eq!(ceiling(file, "words").expect("a number"), 12);
        assert_eq!(ceiling(file, "sizes").expect("nothing"), 0);
        assert!(ceiling("sql many\n", "sql").is_err());
        let complaints = ["a.rs:1: …".to_owned()];
        assert!(judge(3, "sql", 3, &complaints).is_ok());
        assert!(judge(3, "sql", 1, &complaints).is_ok());
        let error = judge(3, "sql", 4, &complaints).expect_err("refused");
        assert!(error.to_string().contains("a.rs:1"));
    }
}
