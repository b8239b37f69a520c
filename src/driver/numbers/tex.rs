//! Numbers as LaTeX macros.

use super::{Quoted, place};
use std::collections::BTreeMap;

/// Definitions. Categories of letters are set for this file alone, since packages change them (`_` in names); what is a public name may be
/// taken, or defined by this very file before. `\ndraw`, `\ndvalue` and `\nderror` expand to plain digits, so that programs in TeX can read them.
const HEAD: &str = r"% Numbers of all experiments, from their golden data: \nd{NAME} is the number with its standard error in parentheses,
% \ndraw{NAME} the number alone, \nderror{NAME} its standard error: digits, as in \num{\ndraw{NAME}} or \fpeval{2*\ndraw{NAME}}.
% \ndmath{\ndraw{NAME}} sets one with its power of ten. Where \nd is taken, \ndnumber is the same, and \ndvalue as \ndraw. Written by neurodyn.
\begingroup\endlinechar=-1\relax
\catcode`\@=11 \catcode`\_=12 \catcode`\-=12 \catcode`\.=12 \catcode`\^=7\relax
\protected\gdef\neurodyn@unknown#1{\GenericError{}{neurodyn: numbers.tex has no number called \detokenize{#1}}{}{}}
\gdef\neurodyn@get#1#2{\ifcsname nd@\detokenize{#1}#2\endcsname\expandafter\@firstoftwo\else\expandafter\@secondoftwo\fi
  {\csname nd@\detokenize{#1}#2\endcsname}{\neurodyn@unknown{#1#2}}}
\gdef\neurodyn@number#1{\ensuremath{\neurodyn@get{#1}{}}}
\gdef\neurodyn@value#1{\neurodyn@get{#1}{@value}}
\gdef\neurodyn@error#1{\neurodyn@get{#1}{@error}}
\protected\gdef\neurodyn@math#1{\ensuremath{\expandafter\neurodyn@power\romannumeral-`\0#1ee\neurodyn@end}}
\gdef\neurodyn@power#1e#2e#3\neurodyn@end{#1\if\relax\detokenize{#2}\relax\else\times 10^{#2}\fi}
\gdef\neurodyn@name#1#2{\ifdefined#1\ifx#1#2\else
  \PackageWarningNoLine{neurodyn}{\string#1\space is taken, and stays what it is}\fi\else\global\let#1#2\fi}
\neurodyn@name\nd\neurodyn@number
\neurodyn@name\ndnumber\neurodyn@number
\neurodyn@name\ndraw\neurodyn@value
\neurodyn@name\ndvalue\neurodyn@value
\neurodyn@name\nderror\neurodyn@error
\neurodyn@name\ndmath\neurodyn@math
\globaldefs=1\relax
";

/// Ends the group, and with it what was set for this file.
const END: &str = "\\endgroup\n";

/// Definitions of all numbers.
pub(super) fn file(numbers: &BTreeMap<&str, Quoted>) -> String {
    let mut text = HEAD.to_owned();
    for (name, Quoted { document, number, both, value, error }) in numbers {
        text.push_str(&format!("% {}, {}\n", document.id, place(number)));
        let mut define = |kind: &str, value: &str| {
            text.push_str(&format!("\\expandafter\\def\\csname nd@{name}{kind}\\endcsname{{{value}}}\n"));
        };
        define("", both);
        define("@value", value);
        if number.error.is_some() {
            define("@error", error);
        }
    }
    text + END
}
