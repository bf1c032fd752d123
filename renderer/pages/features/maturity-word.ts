/** GitLab's maturity as its documentation writes it. */
export function maturityWord(maturity: string): string {
  switch (maturity) {
    case 'GA':
      return 'Generally available';
    case 'BETA':
      return 'Beta';
    case 'EXPERIMENT':
      return 'Experiment';
    default:
      return maturity;
  }
}
