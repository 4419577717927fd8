use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use kernel::counted;
use platform::command::{Program, remark, say};

use crate::{
    actions,
    rules::projects::{LONGEST_FILE, ListedProject, MOST_FILES, UnreadableFile, project},
};

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Import {
    #[command(subcommand)]
    what: ImportSource,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum ImportSource {
    /// Follow the repositories of a list of projects
    Projects(Projects),
}

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Example:\n  guildhall discovery import projects up-for-grabs.net/_data/projects --dry-run\n\nThe folder has a YAML file a project, in the form of up-for-grabs: name, site, and upforgrabs with the name and the link\nof a label. Issues with that label count as those for which help is wanted. Files that cannot be read are named with the\nline and the reason; the others are imported."
)]
struct Projects {
    /// The folder with the files
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Read the files, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let ImportSource::Projects(projects) = self.what;
        projects.run(program).await
    }
}

impl Projects {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let files = files(&self.folder)?;
        let (mut labels, mut unreadable) = (BTreeMap::new(), 0);
        for path in &files {
            match read(path) {
                Ok(own) => {
                    labels.entry(own.repository.to_lowercase()).or_insert(own);
                }
                Err(why) => {
                    unreadable += 1;
                    report(path, &why);
                }
            }
        }
        let projects: Vec<ListedProject> = labels.into_values().collect();
        let (all, repositories) = (
            counted(files.len() as u64, "file", "files"),
            counted(projects.len() as u64, "repository", "repositories"),
        );
        say(format_args!("{all}: {repositories}, {unreadable} not readable"));
        if !self.dry_run && !projects.is_empty() {
            let context = program.open().await?.context;
            let mut tx = context.begin().await?;
            let followed = actions::import_projects(&mut tx, &context, &projects).await?;
            tx.commit().await?;
            context.db.close().await;
            say(format_args!(
                "{} to find and read, {} followed before",
                counted(followed.requested, "repository", "repositories"),
                followed.known
            ));
        }
        Ok(match unreadable {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }
}

/// Returns the YAML files of a folder, by name.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_yaml = path.extension().is_some_and(|kind| kind == "yml" || kind == "yaml");
        if is_yaml {
            files.push(path);
        }
        ensure!(
            files.len() <= MOST_FILES,
            "{} has more than {MOST_FILES} files; import a part of them",
            folder.display()
        );
    }
    ensure!(
        !files.is_empty(),
        "{} has no files whose names end in .yml or .yaml",
        folder.display()
    );
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<ListedProject, UnreadableFile> {
    let whole = |why: String| UnreadableFile { line: None, why };
    let about = fs::symlink_metadata(path).map_err(|error| whole(error.to_string()))?;
    if !about.is_file() {
        return Err(whole("it is not a file".to_owned()));
    }
    if about.len() > LONGEST_FILE {
        return Err(whole(format!("it has more than {} KiB", LONGEST_FILE / 1024)));
    }
    let text = fs::read_to_string(path).map_err(|error| whole(error.to_string()))?;
    project(&text)
}

fn report(path: &Path, why: &UnreadableFile) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match why.line {
        Some(line) => remark(format_args!("{name}:{line}: {}", why.why)),
        None => remark(format_args!("{name}: {}", why.why)),
    }
}
