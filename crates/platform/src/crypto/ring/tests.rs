use std::fs;

use tempfile::TempDir;

use super::*;

fn hex(digit: &str) -> String {
    digit.repeat(64)
}

fn given(lines: &[String]) -> KeyRing {
    KeyRing::given(lines.join("\n").into(), None).expect("a ring")
}

fn in_folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("secret.key");
    (folder, path)
}

#[test]
fn the_newest_key_encrypts_and_all_keys_decrypt() {
    let old = given(&[hex("a")]);
    let both = given(&[hex("b"), hex("a")]);
    let new = given(&[hex("b")]);
    let (by_old, by_both) = (old.seal(b"x").expect("sealed"), both.seal(b"y").expect("sealed"));
    assert_eq!(both.open(&by_old).expect("opened"), b"x");
    assert_eq!(new.open(&by_both).expect("opened"), b"y");
    assert!(new.open(&by_old).is_err() && old.open(&by_both).is_err());
    let (id, _) = both.keys().open(&by_both).expect("opened");
    assert_eq!(id, both.keys().newest().id());
}

#[test]
fn values_without_a_key_id_decrypt_with_any_key() {
    let both = given(&[hex("b"), hex("a")]);
    for key in both.keys().all() {
        let unnamed = key.encrypt(b"x").expect("encrypted");
        assert_eq!(both.keys().open(&unnamed), Some((key.id(), b"x".to_vec())));
    }
    for wrong in [&b""[..], b"glh1", b"glh1 and less than a key's id and a nonce"] {
        assert!(both.open(wrong).is_err());
    }
}

#[test]
fn invalid_lines_are_reported_but_not_quoted() {
    for (lines, says) in [
        (vec![hex("a"), "hunter2".to_owned()], "line 2, is not a secret key"),
        (vec![format!("emails {}", hex("a"))], "is not a secret key"),
        (vec![String::new()], "is not a secret key"),
        (
            vec![hex("a"), format!("emails {}", hex("b")), format!("emails {}", hex("c"))],
            "two keys for emails",
        ),
    ] {
        let said = KeyRing::given(lines.join("\n").into(), None).expect_err("refused");
        let said = said.to_string();
        assert!(said.contains(says) && !said.contains("hunter2"), "{said}");
        assert!(said.contains("GUILDHALL_SECRET_KEY"), "{said}");
    }
}

#[test]
fn the_key_of_emails_survives_rotation() {
    let (_folder, path) = in_folder();
    let ring = KeyRing::from_file(&path).expect("made");
    let first = ring.keys().newest().id();
    for _ in 0..2 {
        let alone = ring.alone().expect("alone");
        alone.add().expect("added");
        assert_eq!(ring.keys().emails().id(), first);
        alone.retire(false).expect("retired");
        assert_eq!((ring.keys().all().len(), ring.keys().emails().id()), (1, first));
        assert_ne!(ring.keys().newest().id(), first);
    }
    ring.alone().expect("alone").retire(true).expect("retired");
    assert_eq!(ring.keys().emails().id(), ring.keys().newest().id());
}

#[test]
fn the_key_file_is_created_once_and_stays_private() {
    let (folder, path) = in_folder();
    let ring = KeyRing::from_file(&path).expect("made");
    let sealed = ring.seal(b"x").expect("sealed");
    let again = KeyRing::from_file(&path).expect("read");
    assert_eq!(again.open(&sealed).expect("the same key"), b"x");
    ring.alone().expect("alone").add().expect("added");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&path).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let names = fs::read_dir(folder.path()).expect("a folder");
    let mut names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["secret.key", "secret.lock"], "no draft is left");
}

#[test]
fn other_processes_pick_up_a_new_key_on_use() {
    let (_folder, path) = in_folder();
    let (ring, other) = (KeyRing::from_file(&path), KeyRing::from_file(&path));
    let (ring, other) = (ring.expect("made"), other.expect("read"));
    let before = other.seal(b"x").expect("sealed");
    ring.alone().expect("alone").add().expect("added");
    let after = ring.seal(b"y").expect("sealed");
    assert_ne!(other.keys().ids(), ring.keys().ids());
    assert_eq!(other.open(&after).expect("opened"), b"y");
    assert_eq!(other.keys().ids(), ring.keys().ids());
    assert_eq!(other.open(&before).expect("opened"), b"x");
    ring.alone().expect("alone").retire(false).expect("retired");
    let newest = other.seal(b"z").expect("sealed after a look");
    assert_eq!(ring.open(&newest).expect("opened"), b"z");
    fs::write(&path, "torn").expect("written");
    assert!(other.seal(b"z").is_err());
    assert!(other.look().is_err());
    assert_eq!(other.open(&after).expect("the former keys apply"), b"y");
}

#[test]
fn only_one_process_changes_the_ring_at_a_time() {
    let (_folder, path) = in_folder();
    let (ring, other) = (KeyRing::from_file(&path), KeyRing::from_file(&path));
    let (ring, other) = (ring.expect("made"), other.expect("read"));
    let alone = ring.alone().expect("alone");
    assert!(matches!(other.alone(), Err(CryptoError::Busy)));
    drop(alone);
    drop(other.alone().expect("alone now"));
    assert!(matches!(given(&[hex("a")]).alone(), Err(CryptoError::Given)));
    let file = KeyRing::given(String::new().into(), Some(path)).expect("read");
    assert!(matches!(file.alone(), Err(CryptoError::Given)));
    assert_eq!(file.keys().ids(), ring.keys().ids());
}
