//! The concerns of a change: the crates that it changes or that depend on those, their tests, and their judges.

use std::{collections::BTreeSet, fmt, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use xtask::{
    judges,
    process::output,
    workspace::{Package, Workspace},
};

/// The crate of the program, and the folder of its integration tests.
const WHOLE: &str = "guildhall";
const TESTS: &str = "crates/guildhall/tests/it/";
const PROGRAMMES: &str = "crates/programmes/";
const RIG_JUDGES: &str = "rig/src/judges/";

/// Folders and files of tests that walk over the declarations, routes or pages of all modules, so that a change in any
/// programme concerns them.
const OF_ALL_MODULES: &[&str] = &[
    "api",
    "audit",
    "auth",
    "backup/keys",
    "modules",
    "pages",
    "platform",
    "privacy",
    "process/earlier_release",
    "recognition/listings",
    "web/idempotency",
];

/// Folders of tests that read documents, and the crate whose unit tests do.
const OF_DOCUMENTS: &[&str] = &["api", "pages", "platform"];
const READS_DOCUMENTS: &str = "platform";

/// Files and folders on which every crate depends.
const OF_ALL_CRATES: &[&str] = &["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/"];

/// The crates, tests and judges that a change concerns.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Concerned {
    /// The crates whose unit tests run.
    pub(crate) packages: BTreeSet<String>,
    /// The integration tests that run, by the beginnings of their names; `None` for all.
    pub(crate) tests: Option<BTreeSet<String>>,
    /// The judges that run.
    pub(crate) judges: BTreeSet<&'static str>,
}

impl Concerned {
    /// Reads which files differ from `commit`, those that git does not track included.
    pub(crate) fn since(workspace: &Workspace, commit: &str) -> Result<Self> {
        let git = |arguments: &[&str]| {
            output(Command::new("git").args(arguments).current_dir(&workspace.root))
        };
        let changed = git(&["diff", "--name-only", commit, "--"])
            .with_context(|| format!("git does not know the commit `{commit}`"))?;
        let new = git(&["ls-files", "--others", "--exclude-standard"])?;
        for folder in OF_ALL_MODULES.iter().chain(OF_DOCUMENTS) {
            let path = workspace.root.join(TESTS).join(folder);
            let exists = path.is_dir() || path.with_extension("rs").is_file();
            ensure!(
                exists,
                "{TESTS}{folder} is gone: correct the lists of folders in xtask/src/since.rs"
            );
        }
        let concerned = Self::by(changed.lines().chain(new.lines()), workspace);
        println!("{concerned}");
        Ok(concerned)
    }

    fn by<'a>(files: impl Iterator<Item = &'a str>, workspace: &Workspace) -> Self {
        let mut concerned = Self { tests: Some(BTreeSet::new()), ..Self::default() };
        for file in files {
            concerned.add(file, workspace);
        }
        concerned
    }

    fn add(&mut self, file: &str, workspace: &Workspace) {
        let is_of_all =
            |part: &&str| file == *part || (part.ends_with('/') && file.starts_with(*part));
        let judges: Vec<_> = judges_of(file).collect();
        if !judges.is_empty() {
            self.judges.extend(judges);
            self.packages.insert("rig".to_owned());
        } else if file.starts_with("docs/") {
            self.packages.insert(READS_DOCUMENTS.to_owned());
            self.add_tests(OF_DOCUMENTS.iter().copied());
        } else if let Some(folder) = folder_of_tests(file) {
            self.add_tests([folder]);
        } else if OF_ALL_CRATES.iter().any(is_of_all) {
            workspace.packages.iter().for_each(|package| self.add_package(package, workspace));
        } else if let Some(package) = package_of(file, workspace) {
            self.add_package(package, workspace);
        }
    }

    /// Adds a crate that changed, and those that depend on it.
    fn add_package(&mut self, package: &Package, workspace: &Workspace) {
        if !self.packages.insert(package.name.clone()) {
            return;
        }
        match package.name.as_str() {
            "rig" => self.judges.extend(judges()),
            "xtask" => {}
            name if is_programme(package, workspace) => {
                self.add_tests(OF_ALL_MODULES.iter().copied().chain([name]));
            }
            _ => {
                self.tests = None;
                self.judges.extend(judges());
            }
        }
        // The program only joins the programmes; its own tests are those of all modules.
        let joins = |user: &Package| user.name == WHOLE && is_programme(package, workspace);
        for user in workspace.packages.iter().filter(|user| uses(user, package) && !joins(user)) {
            self.add_package(user, workspace);
        }
    }

    fn add_tests<'a>(&mut self, folders: impl IntoIterator<Item = &'a str>) {
        if let Some(tests) = &mut self.tests {
            tests.extend(
                folders.into_iter().map(|folder| format!("{}::", folder.replace('/', "::"))),
            );
        }
    }
}

impl fmt::Display for Concerned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |names: Vec<&str>| if names.is_empty() { "none".into() } else { names.join(", ") };
        let packages = list(self.packages.iter().map(String::as_str).collect());
        let tests = self.tests.as_ref();
        let tests = tests.map(|tests| list(tests.iter().map(String::as_str).collect()));
        let judges = list(self.judges.iter().copied().collect());
        writeln!(f, "the change concerns the crates: {packages}")?;
        writeln!(f, "the integration tests: {}", tests.as_deref().unwrap_or("all"))?;
        write!(f, "the judges: {judges}")
    }
}

/// Returns the judges that a file below the folder of the judges belongs to. `browser` and `paths` share a folder.
fn judges_of(file: &str) -> impl Iterator<Item = &'static str> {
    let mut parts = file.strip_prefix(RIG_JUDGES).into_iter().flat_map(|path| path.split('/'));
    let name = parts.next().map(|part| part.trim_end_matches(".rs"));
    judges()
        .filter(move |judge| name == Some(*judge) || (name == Some("browser") && *judge == "paths"))
}

/// Returns the folder of integration tests that a file is in; `None` for what all of them use.
fn folder_of_tests(file: &str) -> Option<&str> {
    let (folder, _) = file.strip_prefix(TESTS)?.split_once('/')?;
    (folder != "app").then_some(folder)
}

/// Returns the crate whose folder contains the file.
fn package_of<'a>(file: &str, workspace: &'a Workspace) -> Option<&'a Package> {
    let contains =
        |package: &&Package| file.starts_with(&format!("{}/", folder(package, workspace)));
    workspace
        .packages
        .iter()
        .filter(contains)
        .max_by_key(|package| folder(package, workspace).len())
}

/// Returns the folder of a crate, from the root.
fn folder(package: &Package, workspace: &Workspace) -> String {
    let folder = package.manifest.parent().unwrap_or(Path::new(""));
    folder.strip_prefix(&workspace.root).unwrap_or(folder).display().to_string()
}

fn is_programme(package: &Package, workspace: &Workspace) -> bool {
    folder(package, workspace).starts_with(PROGRAMMES)
}

fn uses(user: &Package, package: &Package) -> bool {
    user.dependencies.iter().any(|edge| edge.path.is_some() && edge.name == package.name)
}

#[cfg(test)]
mod tests {
    use xtask::workspace::{Dependency, Package, Workspace};

    use super::Concerned;

    fn package(folder: &str, uses: &[&str]) -> Package {
        let edge = |name: &&str| Dependency {
            name: (*name).to_owned(),
            kind: None,
            path: Some("/code".into()),
        };
        Package {
            name: folder.rsplit('/').next().unwrap_or(folder).to_owned(),
            manifest: format!("/code/{folder}/Cargo.toml").into(),
            targets: Vec::new(),
            dependencies: uses.iter().map(edge).collect(),
        }
    }

    fn concerned(files: &[&str]) -> Concerned {
        let workspace = Workspace {
            packages: vec![
                package("crates/platform", &[]),
                package("crates/programmes/kudos", &["platform"]),
                package("crates/programmes/thanks", &["platform"]),
                package("crates/guildhall", &["kudos", "thanks", "platform"]),
                package("rig", &["xtask"]),
                package("xtask", &[]),
            ],
            root: "/code".into(),
            target: "/code/target".into(),
        };
        Concerned::by(files.iter().copied(), &workspace)
    }

    fn packages(concerned: &Concerned) -> Vec<&str> {
        concerned.packages.iter().map(String::as_str).collect()
    }

    #[test]
    fn a_change_in_a_programme_concerns_its_tests_and_those_of_all_modules() {
        let found = concerned(&["crates/programmes/kudos/src/lib.rs", "README.md"]);
        assert_eq!(packages(&found), ["kudos"]);
        let tests: Vec<_> = found.tests.iter().flatten().map(String::as_str).collect();
        assert_eq!(
            tests,
            [
                "api::",
                "audit::",
                "auth::",
                "backup::keys::",
                "kudos::",
                "modules::",
                "pages::",
                "platform::",
                "privacy::",
                "process::earlier_release::",
                "recognition::listings::",
                "web::idempotency::",
            ]
        );
        // Those of all pages and operations take longer than a change in one programme may wait.
        assert_eq!(found.judges.len(), 0);
    }

    #[test]
    fn a_change_in_a_lower_crate_concerns_everything_above_it() {
        for file in ["crates/platform/src/lib.rs", "Cargo.lock", ".cargo/config.toml"] {
            let found = concerned(&[file]);
            assert_eq!(found.tests, None, "{file}");
            assert!(packages(&found).starts_with(&["guildhall", "kudos", "platform"]));
            assert_eq!(found.judges.len(), super::judges().count(), "{file}");
        }
    }

    #[test]
    fn a_change_in_tests_or_judges_concerns_them_alone() {
        let found = concerned(&["crates/guildhall/tests/it/thanks/claims.rs"]);
        assert_eq!((packages(&found).len(), found.judges.len()), (0, 0));
        assert_eq!(found.tests.iter().flatten().collect::<Vec<_>>(), ["thanks::"]);
        let found = concerned(&["rig/src/judges/mail/mod.rs", "rig/src/judges/openid.rs"]);
        assert_eq!(Vec::from_iter(found.judges.clone()), ["mail", "openid"]);
        assert_eq!(packages(&found), ["rig"], "their unit tests");
        for file in ["paths/admin.rs", "driver.rs"] {
            let found = concerned(&[&format!("rig/src/judges/browser/{file}")]);
            assert_eq!(Vec::from_iter(found.judges), ["browser", "paths"]);
        }
        assert_eq!(packages(&concerned(&["xtask/src/main.rs"])), ["rig", "xtask"]);
        assert_eq!(concerned(&["crates/guildhall/tests/it/app/mod.rs"]).tests, None);
        let found = concerned(&["docs/operations.md"]);
        assert_eq!((packages(&found), found.judges.len()), (vec!["platform"], 0));
        assert_eq!(
            Vec::from_iter(found.tests.unwrap_or_default()),
            ["api::", "pages::", "platform::"]
        );
        assert_eq!(concerned(&["README.md"]), concerned(&[]));
    }
}
