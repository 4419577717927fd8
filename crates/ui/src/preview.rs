//! Pictures of pages for other sites (`og:image`). The address contains what the picture says, with a mark that only this server
//! makes, so that a picture is drawn when it is first asked for and no one else can choose its words.

use std::{
    fmt::Display,
    sync::{LazyLock, OnceLock},
    time::Duration,
};

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use kernel::Problem;
use moka::sync::Cache;
use platform::{
    crypto::{self, KeyRing, SecretKey},
    web::WebError,
};
use tokio::sync::Semaphore;

pub use crate::raster::raster;
use crate::{
    format::tame,
    frame,
    patterns::{self, escaped},
};

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 630;
/// The purpose of the derived key.
const PURPOSE: &str = "previews of pages";
/// The most characters of the two texts.
const LONGEST: [usize; 2] = [90, 140];
/// The characters of a line of each text, and its lines.
const LINES: [(usize, usize); 2] = [(22, 3), (44, 3)];
/// The maximum number of bytes of pictures that are kept, and how long.
const KEPT_BYTES: u64 = 8 << 20;
const KEPT: Duration = Duration::from_hours(24);

static KEYS: OnceLock<KeyRing> = OnceLock::new();
static DRAWING: Semaphore = Semaphore::const_new(1);
static DRAWN: LazyLock<Cache<String, Bytes>> = LazyLock::new(|| {
    let weight = |_: &String, file: &Bytes| u32::try_from(file.len() + 512).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(KEPT_BYTES).weigher(weight).time_to_live(KEPT).build()
});
/// Sets the keys that mark addresses. The first ones of the process stay.
pub fn mark_with(keys: &KeyRing) {
    KEYS.set(keys.clone()).ok();
}

/// Returns the absolute address of the picture of a page, if the server has keys and knows its own address.
#[must_use]
pub fn of(title: impl Display, description: impl Display) -> Option<String> {
    let community = frame::community();
    let keys = KEYS.get()?;
    let texts = [title.to_string(), description.to_string()];
    let [title, description] = [0, 1].map(|at| cut(&texts[at], LONGEST[at]));
    let said = hex::encode(format!("{title}\n{description}\n{}", cut(&community.name, 60)));
    let mark = mark(keys.keys().newest(), &said);
    let site = community.site.trim_end_matches('/');
    (!site.is_empty()).then(|| format!("{site}/previews/{said}.{mark}.png"))
}

/// `GET /previews/{file}`: the picture of a page.
pub(crate) async fn picture(Path(file): Path<String>) -> Result<Response, WebError> {
    let content = match DRAWN.get(&file) {
        Some(content) => content,
        None => {
            let texts = said(&file).ok_or_else(unknown)?;
            let _turn = DRAWING.acquire().await.map_err(|_| unknown())?;
            let drawn = tokio::task::spawn_blocking(move || png(&card(&texts)));
            let content = drawn.await.ok().flatten().ok_or_else(unknown)?;
            DRAWN.insert(file, content.clone());
            content
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, content).into_response())
}

fn unknown() -> Problem {
    Problem::not_found("This picture does not exist.")
}

fn mark(key: &SecretKey, said: &str) -> String {
    crypto::to_text(&crypto::tag(&key.derived(PURPOSE), said.as_bytes()))
}

fn is_marked(key: &SecretKey, said: &str, mark: &[u8]) -> bool {
    crypto::tag_is_valid(&key.derived(PURPOSE), said.as_bytes(), mark)
}

/// Returns the texts in the name of a file, if this server marked them: the title, the description and the community.
fn said(file: &str) -> Option<[String; 3]> {
    let (said, given) = file.strip_suffix(".png")?.split_once('.')?;
    let given = crypto::from_text(given)?;
    let by = |key: &&SecretKey| is_marked(key, said, &given);
    KEYS.get()?.find(|keys| keys.all().iter().find(by).map(|_| ()))?;
    let text = String::from_utf8(hex::decode(said).ok()?).ok()?;
    let mut lines = text.split('\n').map(str::to_owned);
    Some([lines.next()?, lines.next()?, lines.next()?])
}

/// Returns a text on one line, without characters that turn it, cut to a number of characters.
fn cut(text: &str, longest: usize) -> String {
    let line = tame(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    line.chars().take(longest - 1).chain(['…']).collect()
}

/// Breaks a text into lines of about as many characters, at most as many lines.
fn broken(text: &str, (length, most): (usize, usize)) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let word = cut(word, length);
        let is_full = |line: &String| line.chars().count() + word.chars().count() >= length;
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(&word),
            Some(line) if !is_full(line) => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

/// Draws the card of a page: its texts beside a field that is drawn from its title.
fn card([title, description, community]: &[String; 3]) -> String {
    let field = patterns::field("page", title);
    let field = field.split_once('>').map_or("", |(_, rest)| rest);
    let mut y = 130;
    let mut text = |lines: Vec<String>, size: i32, color: &str| -> String {
        let line = |line: String| {
            let at = y;
            y += size * 5 / 4;
            let line = escaped(&line);
            format!("<text x=\"72\" y=\"{at}\" font-size=\"{size}\" fill=\"{color}\">{line}</text>")
        };
        lines.into_iter().map(line).collect()
    };
    let title = text(broken(title, LINES[0]), 64, "#17211c");
    let description = text(broken(description, LINES[1]), 32, "#4b574f");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"serif\" font-weight=\"600\"><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#f6f3e8\"/>\
         {title}{description}<path d=\"M72 548H780M72 555H780\" stroke=\"#b58a2a\" stroke-width=\"2\"/>\
         <text x=\"72\" y=\"596\" font-size=\"28\" fill=\"#16463a\">{}</text>\
         <svg x=\"840\" y=\"0\" width=\"360\" height=\"{HEIGHT}\" viewBox=\"217 0 206 360\">{field}</svg>",
        escaped(community),
    )
}

fn png(svg: &str) -> Option<Bytes> {
    raster(svg, WIDTH, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_a_small_png_with_the_texts() {
        let texts = ["Ein Häuschen & <b> Ωμέγα Сова", "A sentence about it.", "Fenwick Commons"];
        let svg = card(&texts.map(str::to_owned));
        assert!(svg.contains("&lt;b&gt;"), "{svg}");
        let picture = png(&svg).expect("a picture");
        assert!(picture.starts_with(b"\x89PNG") && picture.len() < 200 * 1024, "{}", picture.len());
    }

    #[test]
    fn texts_are_cut_and_broken() {
        assert_eq!(cut("a\n b  c", 9), "a b c");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(broken("one two three four", (8, 2)), ["one two", "three…"]);
        assert_eq!(broken("", (8, 2)), [""]);
    }

    #[test]
    fn only_marked_addresses_are_drawn() {
        for file in ["", "61.png", "61.00000000000000000000000000000000.png", "zz.00.png"] {
            assert_eq!(said(file), None, "{file}");
        }
    }
}
