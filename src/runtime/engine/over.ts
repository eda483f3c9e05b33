/** Why a timer that nobody needs any more is let go. Without a reason of its own an abort makes an error with its stack, which costs as much as an agent. */
export const OVER = 'over';
