use super::{key::Exposure, keys::KEYS, *};

const APP_KEY: &str = include_str!("../../../testkit/src/fake_github/app.pem");

fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(&environment, &Flags::default())
}

#[test]
fn defaults_are_for_one_machine() {
    let config = load(&[]).expect("defaults");
    assert_eq!(
        config.database().expect("a place"),
        DatabaseUrl::Sqlite("data/guildhall.db".into())
    );
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
}

#[test]
fn four_environments_are_known() {
    let read = |text| load(&[("GUILDHALL_ENVIRONMENT", text)]);
    for (text, banner_name) in [
        ("development", None),
        ("preview", Some("preview")),
        ("staging", Some("staging")),
        ("production", None),
    ] {
        assert_eq!(read(text).expect(text).environment.banner_name(), banner_name);
    }
    let refused = read("test").expect_err("unknown").to_string();
    assert!(refused.contains("development, preview, staging or production"), "{refused}");
}

#[test]
fn flags_override_the_environment_which_overrides_defaults() {
    let variables =
        [("GUILDHALL_BIND", "0.0.0.0:80"), ("GITHUB_WEBHOOK_SECRET", "of sixteen bytes")];
    let config = load(&variables).expect("read");
    assert_eq!(config.bind.to_string(), "0.0.0.0:80");
    assert!(config.github_webhook_secret.is_some());
    let environment = BTreeMap::from([("GUILDHALL_BIND".to_owned(), "0.0.0.0:80".to_owned())]);
    let flags =
        Flags { bind: Some("127.0.0.1:1".parse().expect("an address")), ..Flags::default() };
    let config = Config::load(&environment, &flags).expect("read");
    assert_eq!(config.bind.to_string(), "127.0.0.1:1");
}

#[test]
fn addresses_and_commands_work_where_they_are_read() {
    let site = |bind| load(&[("GUILDHALL_BIND", bind)]).expect("read").site();
    assert_eq!(site("127.0.0.1:80"), "http://127.0.0.1:80");
    assert_eq!(["0.0.0.0:80", "[::]:80"].map(site), ["http://localhost:80"; 2]);
    let command = |folder| load(&[("GUILDHALL_DATA_DIR", folder)]).expect("read").command("doctor");
    assert_eq!(command(""), "guildhall doctor", "the default");
    assert_eq!(command("/srv/guild-1"), "guildhall doctor --data-dir /srv/guild-1");
    assert_eq!(command("it's here"), r"guildhall doctor --data-dir 'it'\''s here'");
}

#[test]
fn errors_name_their_key() {
    let message = |variables: &[(&str, &str)]| load(variables).expect_err("refused").to_string();
    assert_eq!(
        message(&[("GUILDHALL_LOG_FORMAT", "xml")]),
        "invalid configuration: log_format (GUILDHALL_LOG_FORMAT) is 'xml': it must be json or pretty"
    );
    assert!(
        message(&[("GUILDHALL_BIND", "nowhere")])
            .contains("bind (GUILDHALL_BIND) is 'nowhere': it must be HOST:PORT")
    );
    assert!(
        message(&[("GUILDHALL_JOB_LEASE_SECONDS", "soon")]).ends_with(
            "job_lease_seconds (GUILDHALL_JOB_LEASE_SECONDS) is 'soon': it must be a whole number from 1 to 86400"
        )
    );
    assert!(
        message(&[("GUILDHALL_LOG", "info,=x=y")]).contains("log (GUILDHALL_LOG) is 'info,=x=y'")
    );
    assert!(message(&[("GUILDHALL_LOG", "\t-\u{fffd}=")]).contains("it must be log levels"));
    assert_eq!(
        message(&[("GUILDHALL_LOG", "warning")]),
        "invalid configuration: log (GUILDHALL_LOG) is 'warning': it must be log levels among error, warn, info, debug, \
         trace and off, such as info or info,github=debug"
    );
    assert!(
        message(&[("GUILDHALL_BINDD", "x")])
            .contains("GUILDHALL_BINDD; did you mean 'GUILDHALL_BIND'? See docs")
    );
    for memory in ["sqlite::memory:", "sqlite://:memory:", "sqlite://", "sqlite:x?mode=memory"] {
        assert!(message(&[("DATABASE_URL", memory)]).contains("in-memory"));
    }
    assert!(message(&[("DATABASE_URL_FILE", "/nonexistent")]).contains("DATABASE_URL_FILE"));
    assert!(message(&[("DATABASE_URL", "x"), ("DATABASE_URL_FILE", "y")]).contains("both set"));
}

#[test]
fn errors_in_the_file_do_not_quote_secrets() {
    let refusal = |toml: &str| {
        let mut layers = Layers::defaults(KEYS);
        let read = layers.add_toml(toml).and_then(|()| Config::read(&layers));
        read.expect_err("refused").to_string()
    };
    for (toml, says) in [
        ("bindd = 'x'", "unknown key 'bindd' in guildhall.toml; did you mean 'bind'? See docs"),
        ("colour = 'x'", "unknown key 'colour' in guildhall.toml; see docs"),
        ("bind = 8080", "bind (GUILDHALL_BIND) is "),
        ("data_dir = 1", "must be the path of a directory"),
        ("secret_key = 40414243", "is invalid: it must be a secret, in double quotes"),
        ("secret_key = 40414243x", "guildhall.toml is not valid TOML: correct line 1;"),
    ] {
        let said = refusal(toml);
        assert!(said.contains(says) && !said.contains("40414243"), "{said}");
    }
}

#[test]
fn an_invalid_secret_key_is_reported_with_its_variable() {
    let config = load(&[("GUILDHALL_SECRET_KEY", "short")]).expect("read");
    let said = config.key_ring().expect_err("no key").to_string();
    assert!(said.contains("GUILDHALL_SECRET_KEY"), "{said}");
}

#[test]
fn a_previous_secret_needs_a_new_one() {
    let (new, old) =
        (("GITHUB_WEBHOOK_SECRET", "a new long secret"), ("GITHUB_WEBHOOK_SECRET_PREVIOUS", "old"));
    assert!(load(&[new, old]).is_ok());
    let said = load(&[old]).expect_err("refused").to_string();
    assert!(said.contains("without GITHUB_WEBHOOK_SECRET"), "{said}");
}

#[test]
fn the_settings_of_a_github_app_belong_together() {
    let all = [
        ("GUILDHALL_GITHUB_APP_ID", "190001"),
        ("GUILDHALL_GITHUB_APP_PRIVATE_KEY", APP_KEY),
        ("GUILDHALL_GITHUB_APP_WEBHOOK_SECRET", "of sixteen bytes"),
    ];
    let config = load(&all).expect("read");
    assert_eq!(config.github_app_id, Some(190_001));
    assert!(config.github_app_private_key.is_some());
    for left_out in 0..all.len() {
        let mut some = all.to_vec();
        some.remove(left_out);
        let said = load(&some).expect_err("refused").to_string();
        assert!(said.contains("set all three, or none"), "{said}");
    }
    let old = ("GUILDHALL_GITHUB_APP_WEBHOOK_SECRET_PREVIOUS", "old");
    let said = load(&[old]).expect_err("refused").to_string();
    assert!(said.contains("set the new secret too"), "{said}");
    let mut wrong = all;
    wrong[1].1 = "-----BEGIN PUBLIC KEY-----";
    let said = load(&wrong).expect_err("refused").to_string();
    assert!(said.contains("a private RSA key in PEM"), "{said}");
    assert!(!said.contains("PUBLIC KEY"), "{said}");
}

#[test]
fn a_secret_of_the_operators_choice_has_at_least_16_bytes() {
    for variable in ["GITHUB_WEBHOOK_SECRET", "GUILDHALL_METRICS_TOKEN"] {
        let refused = load(&[(variable, "of fifteen byte")]).expect_err(variable);
        let said = refused.to_string();
        for words in [variable, "at least 16 bytes", "openssl rand -hex 32"] {
            assert!(said.contains(words), "{said}");
        }
        assert!(!said.contains("fifteen"), "{said}");
        load(&[(variable, "of sixteen bytes")]).expect(variable);
    }
}

#[test]
fn an_empty_secret_is_rejected() {
    let path = std::env::temp_dir().join(format!("guildhall-empty-{}", std::process::id()));
    std::fs::write(&path, "\n").expect("written");
    let file = path.to_string_lossy().into_owned();
    let refused = load(&[("GITHUB_WEBHOOK_SECRET_FILE", &file)]).expect_err("refused");
    assert!(refused.to_string().contains("github_webhook_secret"), "{refused}");
    std::fs::remove_file(&path).expect("removed");
}

#[test]
fn errors_about_redis_urls_do_not_quote_passwords() {
    for (url, is_fine) in [
        ("redis://:hunter2@cache:6380/1", true),
        ("redis://cache", true),
        ("cache:hunter2", false),
        ("http://:hunter2@cache", false),
    ] {
        let environment = [("REDIS_URL".to_owned(), url.to_owned())];
        let loaded = Config::load(&environment.into(), &Flags::default());
        assert_eq!(loaded.is_ok(), is_fine, "{url}");
        let said = loaded.err().map(|error| error.to_string());
        let said = said.unwrap_or_else(|| "(REDIS_URL)".to_owned());
        assert!(said.contains("(REDIS_URL)") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_replica_is_of_a_server_of_postgres() {
    let primary = ("DATABASE_URL", "postgres://guild@db/guild");
    let replica = ("DATABASE_READ_URL", "postgres://guild@replica/guild");
    let password = ("DATABASE_PASSWORD", "hunter2");
    assert!(load(&[primary]).expect("one server").replica().is_none());
    let place = load(&[primary, replica, password]).expect("two servers").replica();
    let place = place.expect("a replica");
    assert_eq!(place.url, "postgres://guild:hunter2@replica/guild");
    assert_eq!(place.allowed.as_secs(), 10);
    let own = ("DATABASE_READ_URL", "postgres://guild:own@replica/guild");
    let place = load(&[primary, own, password]).expect("two servers").replica();
    assert_eq!(place.expect("a replica").url, own.1);
    for variables in [
        vec![replica],
        vec![("DATABASE_URL", "sqlite:///tmp/guild.db"), replica],
        vec![primary, ("DATABASE_READ_URL", "sqlite:///tmp/hunter2.db")],
    ] {
        let said = load(&variables).map(|_| ()).expect_err("refused").to_string();
        assert!(said.contains("DATABASE_READ_URL") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn services_on_this_machine_require_local_addresses() {
    let service = ("GUILDHALL_PUSH_SERVICES", "http://127.0.0.1:2526");
    let named = load(&[service]).expect("tried out").push_services;
    assert_eq!(named, ["http://127.0.0.1:2526"]);
    load(&[service, ("GUILDHALL_PUBLIC_URL", "http://localhost:8080")]).expect("tried out");
    for variables in [
        vec![service, ("GUILDHALL_BIND", "0.0.0.0:8080")],
        vec![service, ("GUILDHALL_PUBLIC_URL", "https://guild.example")],
        vec![("GUILDHALL_PUSH_SERVICES", "http://10.0.0.1:2526")],
        vec![("GUILDHALL_PUSH_SERVICES", "https://push.example")],
        vec![("GUILDHALL_PUSH_SERVICES", "http://[::ffff:10.0.0.1]")],
        vec![("GUILDHALL_WEBHOOK_RECEIVERS", "https://hooks.example")],
    ] {
        let said = load(&variables).expect_err("refused").to_string();
        let name = variables[0].0;
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn errors_about_mailers_do_not_quote_passwords() {
    let server = ("SMTP_URL", "smtps://guild:hunter2@mail.example");
    let from = ("GUILDHALL_MAIL_FROM", "Guildhall <guild@guild.example>");
    let key = ("RESEND_API_KEY", "re_hunter2");
    load(&[server, from]).expect("a mail server");
    load(&[key, from]).expect("Resend");
    for (variables, says) in [
        (vec![server], "GUILDHALL_MAIL_FROM"),
        (vec![key], "GUILDHALL_MAIL_FROM"),
        (vec![server, key, from], "unset one of them"),
        (vec![server, ("GUILDHALL_MAIL_FROM", "guild")], "must be an email address"),
        (vec![("SMTP_URL", "hunter2"), from], "must be a mail server"),
    ] {
        let said = load(&variables).expect_err("refused").to_string();
        assert!(said.contains(says) && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn incomplete_alert_channels_are_rejected() {
    let slack = ("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T0/B0/hunter2");
    let key = ("TELNYX_API_KEY", "KEYhunter2");
    let from = ("GUILDHALL_TELNYX_FROM", "+15551230000");
    let phones = ("GUILDHALL_ALERT_PHONES", "+15551230001, +15551230002");
    let emails = ("GUILDHALL_ALERT_EMAILS", "a@guild.example,b@guild.example");
    let mail =
        [("SMTP_URL", "smtp://127.0.0.1:25"), ("GUILDHALL_MAIL_FROM", "guild@guild.example")];
    let all = [slack, key, from, phones, emails, mail[0], mail[1]];
    let config = load(&all).expect("operators");
    assert_eq!(config.alert_phones, ["+15551230001", "+15551230002"]);
    assert_eq!(config.alert_emails, ["a@guild.example", "b@guild.example"]);
    for (variables, says) in [
        (vec![("SLACK_WEBHOOK_URL", "hunter2")], "SLACK_WEBHOOK_URL"),
        (vec![key], "GUILDHALL_TELNYX_FROM"),
        (vec![from], "TELNYX_API_KEY"),
        (vec![key, ("GUILDHALL_TELNYX_FROM", "5551230000")], "+15551234567"),
        (vec![phones], "TELNYX_API_KEY"),
        (vec![emails], "SMTP_URL"),
        (
            vec![("GUILDHALL_ALERT_EMAILS", "a"), mail[0], mail[1]],
            "must be comma-separated email addresses",
        ),
    ] {
        let said = load(&variables).expect_err("refused").to_string();
        assert!(said.contains(says) && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn cors_origins_are_listed_without_wildcards() {
    let load = |origins: &str| {
        let variable = ("GUILDHALL_CORS_ORIGINS".to_owned(), origins.to_owned());
        Config::load(&[variable].into(), &Flags::default())
    };
    let named = |origins| load(origins).expect(origins).cors_origins;
    assert_eq!(
        named("https://Board.example, http://localhost:3000"),
        ["https://board.example", "http://localhost:3000"]
    );
    assert_eq!(named(""), [""; 0]);
    for wrong in ["*", "null", "board.example", "https://board.example/x", "https://*.x, *"] {
        let said = load(wrong).map(|config| config.cors_origins);
        assert!(said.is_err(), "{wrong}: {said:?}");
    }
}

#[test]
fn an_incomplete_oauth_app_is_rejected() {
    let (id, secret) = (("GITHUB_CLIENT_ID", "x"), ("GITHUB_CLIENT_SECRET", "y"));
    load(&[id, secret]).expect("an app");
    for half in [id, secret] {
        let said = load(&[half]).expect_err("half").to_string();
        assert!(said.contains("must be set together"), "{said}");
    }
    let said = load(&[("GUILDHALL_PUBLIC_URL", "guild")]).expect_err("no address").to_string();
    assert!(said.contains("public_url (GUILDHALL_PUBLIC_URL)"), "{said}");
}

#[test]
fn an_issuer_must_be_complete_and_is_stored_exactly() {
    let issuer = ("GUILDHALL_OPENID_ISSUER", "https://id.example/realm/");
    let id = ("GUILDHALL_OPENID_CLIENT_ID", "x");
    let secret = ("GUILDHALL_OPENID_CLIENT_SECRET", "y");
    let whole = load(&[issuer, id, secret]).expect("an issuer");
    assert_eq!(whole.openid_issuer.as_deref(), Some(issuer.1));
    for half in [&[issuer][..], &[id, secret], &[issuer, id]] {
        let said = load(half).expect_err("half").to_string();
        assert!(said.contains("must be set together"), "{said}");
    }
    let said =
        load(&[("GUILDHALL_OPENID_ISSUER", "id.example"), id, secret]).expect_err("no address");
    let said = said.to_string();
    assert!(said.contains("GUILDHALL_OPENID_ISSUER"), "{said}");
}

#[test]
fn errors_about_numbers_name_the_variable_and_range() {
    for (variable, least, most) in [
        ("GUILDHALL_JOB_LEASE_SECONDS", 1, 86_400_u64),
        ("GUILDHALL_JOB_POLL_MILLISECONDS", 1, 3_600_000),
        ("GUILDHALL_INBOX_BYTES_IN_FLIGHT", 26_214_400, 1 << 40),
        ("GUILDHALL_DELIVERY_RETENTION_DAYS", 1, 36_500),
        ("GUILDHALL_ALERT_AGAIN_HOURS", 1, 720),
        ("GUILDHALL_ALERT_OUTBOX_MINUTES", 1, 10_080),
        ("GUILDHALL_REQUESTS_PER_MINUTE", 1, 100_000_000),
        ("GUILDHALL_PERSON_REQUESTS_PER_MINUTE", 1, 100_000_000),
        ("GUILDHALL_TOKEN_REQUESTS_PER_MINUTE", 1, 100_000_000),
    ] {
        for fits in [least, most] {
            load(&[(variable, &fits.to_string())]).expect(variable);
        }
        for wrong in [least - 1, most + 1] {
            let said = load(&[(variable, &wrong.to_string())]).expect_err(variable);
            let said = said.to_string();
            let range = format!(
                "({variable}) is '{wrong}': it must be a whole number from {least} to {most}"
            );
            assert!(said.ends_with(&range), "{said}");
        }
        for wrong in ["18446744073709551615", "99999999999999999999999", "-1", "1.5"] {
            let said = load(&[(variable, wrong)]).expect_err(variable).to_string();
            assert!(said.contains(variable) && said.contains(wrong), "{said}");
            assert!(said.contains("must be a whole number"), "{said}");
        }
    }
}

#[test]
fn settings_have_their_origin_and_hide_secrets() {
    let planted = "planted-secret";
    let mut environment: BTreeMap<String, String> = KEYS
        .iter()
        .filter(|key| key.exposure == Exposure::Secret)
        .map(|key| (key.variable.to_owned(), format!("a {planted}")))
        .collect();
    environment.remove("RESEND_API_KEY");
    for (variable, value) in [
        ("DATABASE_URL", "postgres://owl@db.example/guild"),
        ("DATABASE_READ_URL", "postgres://owl:planted-secret@replica.example/guild"),
        ("GUILDHALL_BACKUP_S3_URL", "https://s3.example"),
        ("GUILDHALL_BACKUP_S3_BUCKET", "guild"),
        ("GUILDHALL_BACKUP_S3_ACCESS_KEY", "owl"),
        ("GUILDHALL_HEARTBEAT_URL", "https://hc.example/planted-secret"),
        ("SENTRY_DSN", "https://planted-secret@sentry.example/42"),
        ("REDIS_URL", "redis://cache.example"),
        ("SMTP_URL", "smtp://owl@mail.example"),
        ("GUILDHALL_MAIL_FROM", "guild@guild.example"),
        ("SLACK_WEBHOOK_URL", "https://slack.example/planted-secret"),
        ("GUILDHALL_TELNYX_FROM", "+15551230000"),
        ("GITHUB_CLIENT_ID", "an-app"),
        ("GUILDHALL_GITHUB_APP_ID", "190001"),
        ("GUILDHALL_GITHUB_APP_PRIVATE_KEY", APP_KEY),
        ("GUILDHALL_CODE_HOST_TOKENS", "gitlab.com=planted-secret"),
        ("GAME_PLATFORM_API_BASE_URL", "https://ctf.example/syned/v1"),
        ("GUILDHALL_OPENID_ISSUER", "https://id.example"),
        ("GUILDHALL_OPENID_CLIENT_ID", "guild"),
        ("GUILDHALL_JOB_LEASE_SECONDS", "90"),
        ("GUILDHALL_BIND", "0.0.0.0:80"),
    ] {
        environment.insert(variable.to_owned(), value.to_owned());
    }
    let flags =
        Flags { bind: Some("127.0.0.1:1".parse().expect("an address")), ..Flags::default() };
    let settings = Config::load(&environment, &flags).expect("read").settings;
    assert!(!format!("{settings:?}").contains(planted));
    let found = |key: &str| {
        let setting = settings.iter().find(|setting| setting.key == key);
        let setting = setting.expect(key);
        (setting.origin, setting.value.clone())
    };
    let text = |text: &str| ShownValue::Text(text.to_owned());
    assert_eq!(found("log"), (Origin::Default, text("info")));
    assert_eq!(found("bind"), (Origin::CommandLine, text("127.0.0.1:1")));
    let lease = (Origin::Environment, text("90"));
    assert_eq!(found("job_lease_seconds"), lease);
    assert_eq!(found("smtp_url"), (Origin::Environment, ShownValue::Secret));
    assert_eq!(found("resend_api_key"), (Origin::Default, ShownValue::Nothing));
    assert_eq!(found("cors_origins"), (Origin::Default, ShownValue::Nothing));
    assert_eq!(settings.len(), KEYS.len());
}

#[test]
fn keys_of_the_file_have_the_file_as_origin() {
    let mut layers = Layers::defaults(KEYS);
    layers
        .add_toml("bind = 'localhost:1'\ncors_origins = ''\nalert_again_hours = 12")
        .expect("read");
    let config = Config::read(&layers).expect("read");
    assert_eq!(config.alert_again_hours, 12);
    let from_file = config.settings.iter().filter(|setting| setting.origin == Origin::File);
    let named: Vec<_> = from_file.map(|setting| setting.key).collect();
    assert_eq!(named, ["bind", "alert_again_hours", "cors_origins"]);
}

#[test]
fn the_documentation_has_every_key_once_with_its_variable_and_default() {
    let page = include_str!("../../../../docs/configuration.md");
    for key in KEYS {
        let start = format!("| `{}` | `{}` | ", key.name, key.variable);
        let rows: Vec<_> = page.lines().filter_map(|line| line.strip_prefix(&start)).collect();
        assert_eq!(rows.len(), 1, "docs/configuration.md: rows for {}", key.name);
        if let Some(default) = key.default.filter(|default| !default.is_empty()) {
            assert!(rows[0].starts_with(&format!("`{default}` |")), "{}", rows[0]);
        }
    }
    let is_row = |line: &&str| line.starts_with("| `") && line.contains("` | `");
    let tables = page.split("\n| Key in `guildhall.toml` |").skip(1);
    let rows = tables.flat_map(|table| table.split("\n\n").next().unwrap_or_default().lines());
    assert_eq!(rows.filter(is_row).count(), KEYS.len(), "docs/configuration.md: unknown keys");
}

#[test]
fn a_named_file_is_read_and_names_files_of_values() {
    use secrecy::ExposeSecret as _;
    let folder = tempfile::tempdir().expect("a folder");
    let (file, secret) = (folder.path().join("own.toml"), folder.path().join("secret"));
    std::fs::write(&secret, "of sixteen bytes\n").expect("written");
    let load = |text: &str| {
        std::fs::write(&file, text).expect("written");
        let flags = Flags { config: Some(file.clone()), ..Flags::default() };
        Config::load(&BTreeMap::new(), &flags)
    };
    let named = format!("github_webhook_secret_file = '{}'", secret.display());
    let config = load(&named).expect("read");
    let read = config.github_webhook_secret.as_ref().map(|it| it.expose_secret().to_owned());
    assert_eq!(read.as_deref(), Some("of sixteen bytes"));
    assert_eq!(config.file.as_deref(), Some(file.as_path()));
    let setting = config.setting("github_webhook_secret").expect("a setting");
    assert_eq!((&setting.value, setting.origin), (&ShownValue::Secret, Origin::File));
    let refused = |text: &str| load(text).expect_err(text).to_string();
    let both = refused(&format!("{named}\ngithub_webhook_secret = 'of sixteen bytes'"));
    assert!(both.contains("github_webhook_secret_file are both"), "{both}");
    let missing = refused("redis_password_file = '/nowhere/to/be/found'");
    assert!(missing.starts_with("redis_password_file: cannot read the file"), "{missing}");
    let flags = Flags { config: Some(folder.path().join("none.toml")), ..Flags::default() };
    assert!(Config::load(&BTreeMap::new(), &flags).is_err(), "a file that is named must exist");
}
