//! Programs that tests need besides Rust, by the names that tests use.

use std::{collections::BTreeMap, env, path::PathBuf, process::Command};

use anyhow::{Context as _, Result};
use xtask::{
    fetch,
    redis::{self, Redis},
    workspace::Workspace,
};

/// The programs that were found, and the reasons for missing ones.
pub(crate) struct Tools {
    redis: Option<Redis>,
    /// Folders of programs that are not on `PATH`.
    folders: Vec<PathBuf>,
    missing: BTreeMap<&'static str, String>,
}

impl Tools {
    /// Finds the programs, or fetches them if possible and allowed.
    pub(crate) fn find(workspace: &Workspace, install: bool) -> Self {
        let mut tools = Self { redis: None, folders: Vec::new(), missing: BTreeMap::new() };
        let redis = redis::program_or_install(install).and_then(|program| Redis::start(&program));
        tools.redis = tools.note("Redis", redis);
        let programs =
            [("strace", fetch::strace(install)), ("promtool", fetch::promtool(workspace, install))];
        for (name, program) in programs {
            let program = tools.note(name, program);
            let folder = program.as_deref().and_then(std::path::Path::parent);
            tools.folders.extend(folder.map(PathBuf::from));
        }
        tools
    }

    fn note<T>(&mut self, name: &'static str, found: Result<T>) -> Option<T> {
        found.map_err(|error| self.missing.insert(name, format!("{error:#}"))).ok()
    }

    /// Returns the reason why a program is missing; `None` if it was found.
    pub(crate) fn lack(&self, need: &str) -> Option<String> {
        match need {
            "Redis" | "strace" | "promtool" => self.missing.get(need).cloned(),
            _ => Some(format!("ignored for an unknown need: {need:?}")),
        }
    }

    /// Makes the programs available to a command.
    pub(crate) fn lend(&self, command: &mut Command) -> Result<()> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = env::split_paths(&path).chain(self.folders.iter().cloned());
        command.env("PATH", env::join_paths(folders).context("PATH cannot be longer")?);
        command.env_remove("TEST_REDIS_URL");
        if let Some(redis) = &self.redis {
            command.env("TEST_REDIS_URL", redis.url()).env("TEST_REDIS_SERVER", redis.program());
        }
        Ok(())
    }
}
