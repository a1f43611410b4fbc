/** What the service answers instead of a result: a status, and a sentence that reaches the SDK's caller. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
