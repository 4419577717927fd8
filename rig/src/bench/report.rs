//! The report: Markdown tables, printed and written to a file.

use std::{fmt::Write, fs, path::Path, process::ExitCode};

use anyhow::Result;

/// The measurements so far.
#[derive(Default)]
pub(super) struct Report {
    sections: String,
    over: usize,
    left_out: Vec<String>,
}

/// A promise: a figure and its upper or lower limit.
#[derive(Clone)]
pub(super) struct Promise {
    pub(super) what: String,
    pub(super) figure: f64,
    pub(super) unit: &'static str,
    pub(super) bound: Bound,
    /// The origin of the limit, such as `1.3 × the floor`.
    pub(super) of: String,
}

/// The limit of a figure.
#[derive(Clone, Copy)]
pub(super) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Promise {
    fn is_kept(&self) -> bool {
        match self.bound {
            Bound::AtMost(most) => self.figure <= most,
            Bound::AtLeast(least) => self.figure >= least,
        }
    }

    fn line(&self) -> String {
        let (sign, bound) = match self.bound {
            Bound::AtMost(bound) => ("≤", bound),
            Bound::AtLeast(bound) => ("≥", bound),
        };
        let verdict = if self.is_kept() { "ok" } else { "**over**" };
        let Self { what, figure, unit, of, .. } = self;
        let ratio = figure / bound;
        format!(
            "| {what} | {figure:.1} {unit} | {sign} {bound:.1} {unit} | {of} | {ratio:.2} | {verdict} |"
        )
    }
}

impl Report {
    /// Starts a section with lines, such as a table of contestants.
    pub(super) fn section(&mut self, title: &str, lines: &[String]) {
        let _ = writeln!(self.sections, "\n## {title}\n\n{}", lines.join("\n"));
    }

    /// Adds a line to the current section.
    pub(super) fn note(&mut self, line: &str) {
        let _ = writeln!(self.sections, "\n{line}");
    }

    /// Adds a table of promises, and prints them, because other parts may take long.
    pub(super) fn promises(&mut self, promises: &[Promise]) {
        if promises.is_empty() {
            return;
        }
        let head =
            "| what | figure | target | that is | figure ÷ target | |\n|---|---|---|---|---|---|";
        let lines: Vec<_> = promises.iter().map(Promise::line).collect();
        println!("{}", lines.join("\n"));
        let _ = writeln!(self.sections, "\n{head}\n{}", lines.join("\n"));
        self.over += promises.iter().filter(|promise| !promise.is_kept()).count();
    }

    /// Records a part that could not be measured, and the reason.
    pub(super) fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into().trim().to_owned();
        println!("left out: {what}");
        self.left_out.push(what);
    }

    /// Prints the report and writes it to `folder`.
    pub(super) fn finish(self, folder: &Path) -> Result<ExitCode> {
        let mut text = format!("# Speed\n{}", self.sections);
        for what in &self.left_out {
            let _ = writeln!(text, "\nleft out: {what}");
        }
        let _ = writeln!(text, "\n{} over, {} left out", self.over, self.left_out.len());
        fs::create_dir_all(folder)?;
        fs::write(folder.join("report.md"), &text)?;
        println!("\n{text}\nsaved to {}", folder.join("report.md").display());
        Ok(if self.over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
