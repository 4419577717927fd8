//! Needs of packages and containers: the release, man pages, completions, and an answer to health checks.

use super::Sandbox;
use crate::process::usage::call;

#[test]
fn the_release_is_that_of_the_build() {
    let (code, said, _) = call("--version");
    assert_eq!((code, said.trim()), (Some(0), &*format!("guildhall {}", guildhall::RELEASE)));
    assert!(guildhall::RELEASE.starts_with(guildhall::VERSION), "{}", guildhall::RELEASE);
}

#[test]
fn every_command_has_a_man_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("new/man");
    let (code, _, said) = call(&format!("man --to {}", to.display()));
    assert_eq!(code, Some(0), "{said}");
    for (page, says) in [
        ("guildhall.1", "guildhall-serve(1)"),
        ("guildhall-serve.1", "--no-jobs"),
        ("guildhall-jobs-run.1", "HackathonStateUpdater"),
        ("guildhall-sync-coach.1", "coach"),
    ] {
        // The format escapes hyphens.
        let text = std::fs::read_to_string(to.join(page)).expect(page).replace('\\', "");
        assert!(text.contains(says), "{page}: {text}");
    }
    let (code, _, said) = call("man --to /dev/null/man");
    assert_eq!(code, Some(1));
    assert!(said.contains("cannot write to /dev/null/man"), "{said}");
}

#[test]
fn shells_complete_commands_of_modules_too() {
    for (shell, says) in [("bash", "complete -F"), ("zsh", "#compdef"), ("fish", "complete -c")] {
        let (code, script, _) = call(&format!("completions {shell}"));
        assert_eq!(code, Some(0), "{shell}");
        for word in [says, "no-jobs", "leaderboard"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_fails_until_the_server_is_ready() {
    let sandbox = Sandbox::new().await;
    let probe = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["probe"].iter().chain(arguments).copied().collect();
        let output = sandbox.run(&arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = probe(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&format!("{}/readyz", sandbox.url())), "{said}");
    let server = sandbox.serve(&["--no-jobs"]).await;
    assert_eq!(probe(&[]), (Some(0), String::new()));
    assert_eq!(probe(&["--worker"]).0, Some(1));
    let worker = sandbox.worker().await.says("serving the metrics and the health").await;
    assert_eq!(probe(&["--worker"]), (Some(0), String::new()));
    drop((server, worker));
    sandbox.remove().await;
}
