//! Validation of tracks, and of those that a submission chooses.

use kernel::{Checks, Problem, ProblemKind, typed};
use platform::slug;

use super::invalid;

/// The maximum number of tracks of a hackathon.
pub const MOST_TRACKS: usize = 20;
/// The maximum number of tracks that a submission chooses.
pub const MOST_CHOSEN: usize = 3;
/// The maximum number of characters of the name of a track.
pub const NAME: usize = 60;
/// The maximum number of characters of its description.
pub const DESCRIPTION: usize = 300;
/// The maximum number of technologies of a submission.
pub const MOST_TECHNOLOGIES: usize = 10;
/// The maximum number of characters of a technology.
pub const TECHNOLOGY: usize = 30;

/// A track as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackInput {
    pub name: String,
    /// The description; may be empty.
    pub description: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// The slug, which follows from the name.
    pub slug: String,
    pub name: String,
    /// The description; may be empty.
    pub description: String,
}

/// Validates the tracks of a hackathon.
///
/// # Errors
/// When there are too many, one has no valid name or description, or two have the same name.
pub fn tracks(input: &[TrackInput]) -> Result<Vec<Track>, Problem> {
    if input.len() > MOST_TRACKS {
        let detail = format!("A hackathon has at most {MOST_TRACKS} tracks. Remove some.");
        return Err(invalid("tracks", detail));
    }
    let (mut checks, mut tracks) = (Checks::default(), Vec::<Track>::new());
    for (typed, number) in input.iter().zip(1..) {
        let Some(track) = checks.value(track(typed, number)) else {
            continue;
        };
        if tracks.iter().any(|it| it.slug == track.slug) {
            let detail = format!("There are two tracks called {}. Rename one.", track.name);
            checks.refuse(invalid("tracks", detail));
        }
        tracks.push(track);
    }
    checks.finish(tracks)
}

/// Reads a track; `number` names its row in sentences.
fn track(input: &TrackInput, number: usize) -> Result<Track, Problem> {
    let refuse = |detail| invalid("tracks", detail);
    let name =
        typed::line(&input.name, &format!("The name of track {number}"), NAME).map_err(refuse)?;
    let what = format!("The description of track {number}");
    let description = typed::optional_line(&input.description, &what, DESCRIPTION);
    let slug = slug::derived(&name).map_err(|problem| invalid("tracks", problem.detail))?;
    Ok(Track { slug, name, description: description.map_err(refuse)? })
}

/// Validates the slugs of the tracks that a submission chooses. Returns them without repetitions, separated by commas.
///
/// # Errors
/// When there are too many, or one is no slug.
pub fn chosen(typed: &[String]) -> Result<String, Problem> {
    if typed.len() <= MOST_CHOSEN {
        Ok(distinct(typed, slug::is_slug)?.join(","))
    } else {
        let detail = format!("Choose at most {MOST_CHOSEN} tracks, each once.");
        Err(invalid("tracks", detail))
    }
}

/// Refuses slugs, separated by commas, of which a hackathon with these tracks has not all.
///
/// # Errors
/// When one is unknown.
pub fn all_known(tracks: &[Track], slugs: &str) -> Result<(), Problem> {
    let first = split(slugs).into_iter().find(|slug| !is_known(tracks, slug));
    first.map_or(Ok(()), |slug| Err(unknown(slug)))
}

fn unknown(slug: &str) -> Problem {
    let shown: String = slug.chars().take(NAME).collect();
    let detail = format!("'{shown}' is not a track of this hackathon. Choose another.");
    invalid("tracks", detail)
}

/// Validates the slugs of the tracks to which a judge is limited. Returns them without repetitions, separated by commas.
///
/// # Errors
/// When one is unknown.
pub fn judged(tracks: &[Track], typed: &[String]) -> Result<String, Problem> {
    Ok(distinct(typed, |slug| is_known(tracks, slug))?.join(","))
}

/// Returns typed slugs without repetitions, or refuses the first that is not valid.
fn distinct(typed: &[String], is_valid: impl Fn(&str) -> bool) -> Result<Vec<&str>, Problem> {
    let mut slugs: Vec<&str> = Vec::new();
    for slug in typed.iter().map(|slug| slug.trim()) {
        if !is_valid(slug) {
            return Err(unknown(slug));
        }
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    Ok(slugs)
}

fn is_known(tracks: &[Track], slug: &str) -> bool {
    tracks.iter().any(|it| it.slug == slug)
}

/// Returns whether a judge who is limited to tracks, or to none, looks at a project that chose tracks.
#[must_use]
pub fn looks_at(judge: &[impl AsRef<str>], project: &[impl AsRef<str>]) -> bool {
    let is_chosen = |slug: &str| project.iter().any(|it| it.as_ref() == slug);
    judge.is_empty() || judge.iter().any(|it| is_chosen(it.as_ref()))
}

/// Splits slugs that are separated by commas.
#[must_use]
pub fn split(slugs: &str) -> Vec<&str> {
    slugs.split(',').filter(|slug| !slug.is_empty()).collect()
}

/// Refuses new tracks of a hackathon without one that a prize or a judge is limited to. `used` has the slug of the track and the
/// prize or judge.
///
/// # Errors
/// When one is missing.
pub fn keep_used(tracks: &[Track], used: &[(String, String)]) -> Result<(), Problem> {
    let is_gone = |(slug, _): &&(String, String)| !is_known(tracks, slug);
    match used.iter().find(is_gone) {
        None => Ok(()),
        Some((slug, by)) => {
            let detail = format!(
                "{by} is limited to the track '{slug}'. Change that first, then remove or rename the track."
            );
            Err(Problem::new(ProblemKind::Conflict, "TRACK_IN_USE", detail).at("tracks"))
        }
    }
}

/// Returns the names of the tracks with these slugs. Tracks that were removed are left out.
#[must_use]
pub fn names(tracks: &[Track], slugs: &[impl AsRef<str>]) -> Vec<String> {
    let is_chosen = |it: &&Track| slugs.iter().any(|slug| slug.as_ref() == it.slug);
    let chosen = tracks.iter().filter(is_chosen);
    chosen.map(|it| it.name.clone()).collect()
}

/// Validates technologies that are separated by commas: words of characters, digits and the signs in names such as C++, C# and Node.js.
/// Returns them without repetitions.
///
/// # Errors
/// When there are too many, or one is too long or has another sign.
pub fn technologies(typed: &str) -> Result<String, Problem> {
    let refuse = |detail| Err(invalid("technologies", detail));
    let mut tags: Vec<&str> = Vec::new();
    for tag in typed.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        let is_sign = |c: char| c.is_alphanumeric() || " +#.-_/".contains(c);
        if tag.chars().count() > TECHNOLOGY || !tag.chars().all(is_sign) {
            return refuse(format!(
                "A technology has at most {TECHNOLOGY} characters, as in C++, Node.js or embedded-hal. Separate them by commas."
            ));
        }
        let is_same = |other: &&str| other.to_lowercase() == tag.to_lowercase();
        if !tags.iter().any(is_same) {
            tags.push(tag);
        }
    }
    if tags.len() <= MOST_TECHNOLOGIES {
        Ok(tags.join(", "))
    } else {
        refuse(format!("Name at most {MOST_TECHNOLOGIES} technologies, separated by commas."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(name: &str) -> TrackInput {
        TrackInput { name: name.to_owned(), description: String::new() }
    }

    fn three() -> Vec<Track> {
        tracks(&["Offline first", "Harbors", "Weather", "Birds"].map(input)).expect("valid")
    }

    #[test]
    fn tracks_have_names_of_their_own() {
        let slugs: Vec<String> = three().into_iter().map(|it| it.slug).collect();
        assert_eq!(slugs, ["offline-first", "harbors", "weather", "birds"]);
        let long = "x".repeat(NAME + 1);
        let many: Vec<TrackInput> = (0..=20).map(|it| input(&format!("Track {it}"))).collect();
        assert!(tracks(&many[..20]).is_ok());
        for refused in
            [many, vec![input("")], vec![input(&long)], vec![input("Harbors"), input("harbors")]]
        {
            let problem = tracks(&refused).expect_err("refused");
            assert_eq!(problem.field, Some("tracks"));
        }
    }

    #[test]
    fn a_submission_chooses_up_to_three_known_tracks() {
        let choose = |slugs: &[&str]| {
            let slugs: Vec<String> = slugs.iter().map(|it| (*it).to_owned()).collect();
            let chosen = chosen(&slugs)?;
            all_known(&three(), &chosen).map(|()| chosen)
        };
        assert_eq!(choose(&[]), Ok(String::new()));
        let twice = choose(&["harbors", " weather", "harbors"]);
        assert_eq!(twice, Ok("harbors,weather".to_owned()));
        for refused in
            [&["offline-first", "harbors", "weather", "birds"][..], &["boats"], &["Harbors"], &[""]]
        {
            let problem = choose(refused).expect_err("refused");
            assert_eq!(problem.field, Some("tracks"), "{refused:?}");
        }
        assert_eq!(names(&three(), &["birds", "gone", "harbors"]), ["Harbors", "Birds"]);
    }

    #[test]
    fn a_judge_is_limited_to_known_tracks() {
        let typed =
            |slugs: &[&str]| -> Vec<String> { slugs.iter().map(|it| (*it).to_owned()).collect() };
        for (slugs, expected) in [
            (&[][..], ""),
            (&["birds", " harbors", "birds"], "birds,harbors"),
            (
                &["offline-first", "harbors", "weather", "birds"],
                "offline-first,harbors,weather,birds",
            ),
        ] {
            assert_eq!(judged(&three(), &typed(slugs)), Ok(expected.to_owned()));
        }
        for refused in ["boats", "", "birds,harbors"] {
            let problem = judged(&three(), &typed(&[refused])).expect_err("refused");
            assert_eq!(problem.field, Some("tracks"));
        }
        for (judge, project, expected) in [
            ("", &[][..], true),
            ("", &["birds"], true),
            ("birds", &[], false),
            ("birds", &["harbors"], false),
            ("birds,harbors", &["weather", "harbors"], true),
        ] {
            assert_eq!(looks_at(&split(judge), project), expected, "{judge} {project:?}");
        }
    }

    #[test]
    fn a_track_in_use_stays() {
        let used = |slug: &str| [(slug.to_owned(), "The prize Gull".to_owned())];
        assert_eq!(keep_used(&three(), &used("birds")), Ok(()));
        let problem = keep_used(&three(), &used("boats")).expect_err("refused");
        assert_eq!(problem.code, "TRACK_IN_USE");
        assert!(problem.detail.starts_with("The prize Gull is limited to the track 'boats'."));
    }

    #[test]
    fn technologies_are_few_words() {
        for (typed, expected) in [
            ("", ""),
            (" Rust ,, C++, c#,Node.js , rust", "Rust, C++, c#, Node.js"),
            ("TCP/IP, ПО", "TCP/IP, ПО"),
        ] {
            assert_eq!(technologies(typed), Ok(expected.to_owned()));
        }
        let eleven: Vec<String> = (0..11).map(|it| format!("t{it}")).collect();
        for refused in [
            eleven.join(","),
            "x".repeat(31),
            "<b>".to_owned(),
            "a;b".to_owned(),
            "a\nb".to_owned(),
        ] {
            let problem = technologies(&refused).expect_err("refused");
            assert_eq!(problem.field, Some("technologies"), "{refused}");
        }
    }
}
