//! What two figures draw differently.

use crate::PdfError;
use crate::content::{Operation, Operators};
use crate::figure::{Figure, Tree};
use crate::lexer::{Bracket, Token};

/// How far apart numbers of frames and resources may be: programs write them anew.
const ROUNDING: f64 = 1e-3;

/// What the one draws that the other does not; nothing where both draw the same. Operators and their operands are compared, and
/// all resources but provenance itself, not how any of it is written or packed.
pub fn difference(found: &Figure, meant: &Figure) -> Option<String> {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= ROUNDING;
    if !found.frame.iter().zip(&meant.frame).all(near) {
        return Some(format!("its frame is {:?} where {:?} is meant", found.frame, meant.frame));
    }
    let operators = operators(&found.content, &meant.content);
    operators.unwrap_or_else(|error| Some(format!("it {error}"))).or_else(|| {
        resources(&found.resources, &meant.resources, &mut Vec::new())
            .map(|place| format!("its resource {place} is not the one meant"))
    })
}

fn operators(found: &[u8], meant: &[u8]) -> Result<Option<String>, PdfError> {
    let (mut ours, mut theirs) = (Operators::new(found), Operators::new(meant));
    let mut count = 0u64;
    loop {
        count += 1;
        return Ok(match (ours.next()?, theirs.next()?) {
            (None, None) => None,
            (Some(found), Some(meant)) if found == meant => continue,
            (Some(found), Some(meant)) => {
                Some(format!("operator {count} is {:?} where {:?} is meant", text(&found), text(&meant)))
            }
            (Some(found), None) => Some(format!("it goes on with {:?} where it should end", text(&found))),
            (None, Some(_)) => Some(format!("it ends after {} operators", count - 1)),
        });
    }
}

/// The beginning of an operation, as it is written.
fn text(operation: &Operation) -> String {
    let mut words: Vec<String> = operation.operands.iter().take(8).map(word).collect();
    words.extend((operation.operands.len() > 8).then(|| "...".to_owned()));
    words.push(String::from_utf8_lossy(operation.operator).into_owned());
    words.join(" ").chars().take(120).collect()
}

fn word(token: &Token) -> String {
    match token {
        Token::Number(number) => number.to_string(),
        Token::Name(name) => format!("/{}", String::from_utf8_lossy(name)),
        Token::Text(text) => format!("({})", String::from_utf8_lossy(text)),
        Token::Open(Bracket::Array) => "[".to_owned(),
        Token::Close(Bracket::Array) => "]".to_owned(),
        Token::Open(Bracket::Dictionary) => "<<".to_owned(),
        Token::Close(Bracket::Dictionary) => ">>".to_owned(),
        Token::Word(word) => String::from_utf8_lossy(word).into_owned(),
    }
}

/// Where two resources differ.
fn resources<'t>(found: &'t Tree, meant: &'t Tree, place: &mut Vec<&'t [u8]>) -> Option<String> {
    let here =
        |place: &[&[u8]]| place.iter().map(|key| format!("/{}", String::from_utf8_lossy(key))).collect::<String>();
    let same = match (found, meant) {
        (Tree::Number(found), Tree::Number(meant)) => (found - meant).abs() <= ROUNDING,
        (Tree::Plain(found), Tree::Plain(meant)) => found == meant,
        (Tree::Array(found), Tree::Array(meant)) if found.len() == meant.len() => {
            return found.iter().zip(meant).find_map(|(found, meant)| resources(found, meant, place));
        }
        (Tree::Dictionary(found), Tree::Dictionary(meant)) => return entries(found, meant, place),
        (Tree::Stream(found, bytes), Tree::Stream(meant, others)) => {
            if bytes == others {
                return entries(found, meant, place);
            }
            false
        }
        _ => false,
    };
    (!same).then(|| here(place))
}

type Entries = std::collections::BTreeMap<Vec<u8>, Tree>;

fn entries<'t>(found: &'t Entries, meant: &'t Entries, place: &mut Vec<&'t [u8]>) -> Option<String> {
    const ABSENT: &Tree = &Tree::Plain(Vec::new());
    for key in found.keys().chain(meant.keys()) {
        let (ours, theirs) = (found.get(key).unwrap_or(ABSENT), meant.get(key).unwrap_or(ABSENT));
        place.push(key);
        let differing = resources(ours, theirs, place);
        place.pop();
        if differing.is_some() {
            return differing;
        }
    }
    None
}
