//! Parts of packages besides the program, written from the description of its command line.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap_complete::Shell;

use crate::command::{Program, Run, say};

/// Write the man pages: one of the program and one of each command
#[derive(Clone, Debug, clap::Parser)]
#[command(
    name = "man",
    after_help = "Example:\n  guildhall man --to man && man --local-file man/guildhall.1"
)]
pub(super) struct Man {
    /// Directory for the pages, created if it does not exist
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

impl Run for Man {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let cannot = || format!("cannot write to {}", self.to.display());
        fs::create_dir_all(&self.to).with_context(cannot)?;
        clap_mangen::generate_to(program.command_line(), &self.to).with_context(cannot)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Print what lets a shell complete commands and options
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(
    name = "completions",
    after_help = "Example:\n  guildhall completions bash > /usr/share/bash-completion/completions/guildhall"
)]
pub(super) struct Completions {
    /// The shell that reads them
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Run for Completions {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program.command_line(), "guildhall", &mut script);
        say(String::from_utf8_lossy(&script).trim_end());
        Ok(ExitCode::SUCCESS)
    }
}
