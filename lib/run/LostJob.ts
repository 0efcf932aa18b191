/** The engine has given a job up: the attempt is as good as interrupted. */
export class LostJob extends Error {}
