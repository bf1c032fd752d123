/** GitLab's maturity as its documentation writes it. */
export function maturityWord(maturity: string): string {
  switch (maturity) {
    case 'GA':
      return 'GA';
    case 'BETA':
      return 'Beta';
    case 'EXPERIMENT':
      return 'Experiment';
    default:
      return maturity;
  }
}
