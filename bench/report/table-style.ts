// SPDX-License-Identifier: MIT

/** No rule between rows: each has at most two lines, the second of them in brackets. */
export const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
