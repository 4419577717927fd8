use super::*;

fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(&environment, &Flags::default())
}

#[test]
fn defaults_are_one_machine() {
    let config = load(&[]).expect("defaults");
    assert_eq!(
        config.database().expect("a place"),
        DatabaseUrl::Sqlite("data/guildhall.db".into())
    );
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
}

#[test]
fn the_environment_is_over_the_defaults_and_flags_are_over_it() {
    let variables = [
        ("GUILDHALL_BIND", "0.0.0.0:80"),
        ("GITHUB_WEBHOOK_SECRET", "12345"),
    ];
    let config = load(&variables).expect("read");
    assert_eq!(config.bind.to_string(), "0.0.0.0:80");
    assert!(config.github_webhook_secret.is_some());
    let environment = BTreeMap::from([("GUILDHALL_BIND".to_owned(), "0.0.0.0:80".to_owned())]);
    let flags = Flags {
        bind: Some("127.0.0.1:1".parse().expect("an address")),
        ..Flags::default()
    };
    let config = Config::load(&environment, &flags).expect("read");
    assert_eq!(config.bind.to_string(), "127.0.0.1:1");
}

#[test]
fn mistakes_name_their_key() {
    let message = |variables: &[(&str, &str)]| load(variables).expect_err("refused").to_string();
    assert_eq!(
        message(&[("GUILDHALL_LOG_FORMAT", "xml")]),
        "the configuration cannot be used: log_format (GUILDHALL_LOG_FORMAT) is 'xml': \
         write json or pretty"
    );
    assert!(message(&[("GUILDHALL_BIND", "nowhere")]).contains("bind (GUILDHALL_BIND): "));
    assert!(
        message(&[("GUILDHALL_JOB_LEASE_SECONDS", "soon")]).ends_with(
            "job_lease_seconds (GUILDHALL_JOB_LEASE_SECONDS) is 'soon': write a whole number"
        )
    );
    assert!(message(&[("GUILDHALL_LOG", "info,=x=y")]).contains("log is"));
    assert!(
        message(&[("GUILDHALL_BINDD", "x")])
            .contains("GUILDHALL_BINDD; did you mean 'GUILDHALL_BIND'? docs")
    );
    for memory in [
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite://",
        "sqlite:x?mode=memory",
    ] {
        assert!(message(&[("DATABASE_URL", memory)]).contains("in memory"));
    }
    assert!(message(&[("DATABASE_URL_FILE", "/nonexistent")]).contains("DATABASE_URL_FILE"));
    assert!(message(&[("DATABASE_URL", "x"), ("DATABASE_URL_FILE", "y")]).contains("both set"));
}

#[test]
fn mistakes_in_the_file_are_told_without_its_secrets() {
    let told = |toml: &str| {
        let figment = Figment::from(Serialized::defaults(DEFAULTS)).merge(Toml::string(toml));
        let error = figment.extract::<Config>().expect_err("refused");
        sentence::of(&error)
    };
    for (toml, says) in [
        (
            "bindd = 'x'",
            "guildhall.toml has the unknown key 'bindd'; did you mean 'bind'? docs",
        ),
        ("colour = 'x'", "has the unknown key 'colour': docs"),
        ("bind = 8080", "bind (GUILDHALL_BIND) is "),
        ("data_dir = 1", "write the path of a folder"),
        ("secret_key = 40414243", "must be text, in quotation marks"),
        ("secret_key = 40414243x", "guildhall.toml cannot be read: "),
    ] {
        let said = told(toml);
        assert!(said.contains(says) && !said.contains("40414243"), "{said}");
    }
}

#[test]
fn a_bad_key_is_told_by_where_it_stands() {
    let config = load(&[("GUILDHALL_SECRET_KEY", "short")]).expect("read");
    let said = config.key_ring().expect_err("no key").to_string();
    assert!(said.contains("GUILDHALL_SECRET_KEY"), "{said}");
}

#[test]
fn a_previous_secret_stands_beside_a_new_one() {
    let (new, old) = (
        ("GITHUB_WEBHOOK_SECRET", "new"),
        ("GITHUB_WEBHOOK_SECRET_PREVIOUS", "old"),
    );
    assert!(load(&[new, old]).is_ok());
    let said = load(&[old]).expect_err("refused").to_string();
    assert!(said.contains("without GITHUB_WEBHOOK_SECRET"), "{said}");
}

#[test]
fn an_empty_secret_is_refused() {
    let path = std::env::temp_dir().join(format!("guildhall-empty-{}", std::process::id()));
    std::fs::write(&path, "\n").expect("written");
    let file = path.to_string_lossy().into_owned();
    let refused = load(&[("GITHUB_WEBHOOK_SECRET_FILE", &file)]).expect_err("refused");
    assert!(
        refused.to_string().contains("github_webhook_secret"),
        "{refused}"
    );
    std::fs::remove_file(&path).expect("removed");
}
