use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use kernel::Problem;

use super::{LONGEST, refused, too_long};

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// The name of the encoding, so that a person can tell whether it was recognized.
    pub encoding: &'static str,
}

/// Decodes a file: by its byte order mark, otherwise as UTF-8, otherwise as Windows-1252, in which older spreadsheets export.
///
/// # Errors
/// When the file is too large, is not text, such as a workbook, or is damaged.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Problem> {
    if bytes.len() > LONGEST {
        return Err(too_long());
    }
    let marked = Encoding::for_bom(bytes);
    let encoding = marked.map_or_else(
        || if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 },
        |(encoding, _)| encoding,
    );
    let (text, is_damaged) = encoding.decode_with_bom_removal(bytes);
    if is_damaged {
        let detail = format!(
            "The file begins as {}, but contains bytes that are none. Export it again as CSV with UTF-8.",
            encoding.name()
        );
        return Err(refused(detail));
    }
    // Workbooks, and UTF-16 without its mark.
    if text.contains('\0') {
        let detail = "The file is not CSV; it may be a workbook. Save it as CSV with UTF-8 in the spreadsheet, and choose that file.";
        return Err(refused(detail));
    }
    Ok(Decoded { text: text.into_owned(), encoding: encoding.name() })
}
