"""Calculators of every shape of input, as people type them: a table for eyes, a document for programs."""

import json
import shlex

import pytest
from click.testing import CliRunner

from auditor.cli.calc import calc
from auditor.services.calculators.registry import CALCULATORS

TYPED = """
p-chart --errors 3,5,2 --n 100,100,100
u-chart --counts 3,5,2 --exposure 100,100,100
laney-p-chart --errors 3,5,2,9 --n 100,100,100,120
ewma-chart --values 1,2,3 --target 2 --deviation 1 --smoothing .2 --multiple 3
ewma-arl --smoothing .2 --multiple 2.7
ewma-multiple --smoothing .2 --arl 370
brier-score --outcomes 1,0,1,1 --probabilities .9,.2,.7,.6
reliability-bins --outcomes 1,0,1,1 --probabilities .9,.2,.7,.6 --bins 5
calibration-error --outcomes 1,0,1,1 --probabilities .9,.2,.7,.6
calibration-test --outcomes 1,0,1,1,0,1 --probabilities .9,.2,.7,.6,.5,.4
jensen-shannon --counts 10,20,30 --base-counts 12,18,33 --seed a
total-variation --counts 10,20,30 --base-counts 12,18,33
population-stability-index --counts 10,20,30 --base-counts 12,18,33
cusum-design --errors 10 --n 200 --detect .1 --arl 1000
e-detector --outcomes 0,0,1,1,1,1,1,1 --baseline .05 --arl 100
weighted-draw --item-ids a,b,c --weights 1,2,3 --size 2 --seed q
successive-draw --item-ids a,b,c --weights 1,2,3 --size 2
draw --item-ids a,b,c --size 2
inclusion-probabilities --weights 1,2,3 --size 2
risk-based-chances --risk .1,.2,.3,.4 --size 2
code-set-agreement --coded '99213-25;I10 E11' --truth '99213;I10 E11'
masi-distance --first 'A B' --second A
jaccard-distance --first A --second A,B
side-by-side --first a,b,a --second a,b,b
kappa-test --first a,b,a,a --second a,b,b,a
cohen-kappa --first 1,2,3,1 --second 1,2,2,1 --weights 1/.5/0,.5/1/.5,0/.5/1
gwet-ac2 --ratings 1/1,2/3,3/3 --weights 1/.5/0,.5/1/.5,0/.5/1
fleiss-kappa --ratings 1/1/2,2/2/2,1/2/1
weighted-kappa-and-ac1 --first a,b,a,b --second a,b,b,b --weights 1,2,1,2
false-alarm-budget --mails-a-year 2 --outcomes-a-year 400,500 --weekly-families 3
expected-false-mails --arls 1000 --outcomes-a-year 500
benjamini-hochberg --p-values .01,.2,.03 --level .05
e-bh --e-values 30,2,1 --level .05
level-shift --now 3,5,9 --before 5,5,5
stratified-upper-limit --outcomes 0,0,0,0 --strata a,b,a,b --populations a=40,b=50 --tolerable .1
weighted-upper-limit --outcomes 0,0 --chances .1,.2 --least-chances .1,.1 --population 40 --tolerable .1
sequential-size --tolerable .05 --expected .01 --population 2000
staged-acceptance-risk --stages 59/0,93/1,124/2 --rate .05
two-stage-size --tolerable .05 --allowed-errors 0,1
betting-martingale --values .9,.8,.7 --null-mean .5
betting-confidence-sequence --values 0,1,0,0
alpha-martingale --values 0,1,1 --null-mean .5 --eta .7
alpha-sample-size --value 1 --null-mean .5 --eta .7
asymptotic-confidence-sequence --estimates .1,.2 --standard-errors .01,.02
empirical-bernstein-limit --values 0,.5,.2
bernoulli-confidence-sequence 3 50
unknown-universe --overpaid-units 0,40,0,20 --in-scope 1,1,0,1 --frame 100
stratified-from-summaries --sizes 100,200 --drawn 10,20 --means 5,6 --deviations 2,3
minimum-sum --overpaid 0,10 --paid 10,10 --unsampled-paid 10,10,10
horvitz-thompson --overpaid 0,10,5 --chances .1,.2,.3
weighted-total --overpaid 0,10,5 --weights 10,20,30
korn-graubard --outcomes 0,1,0,0 --weights 1,2,1,2
clustered-ratio --numerators 0,1,0 --denominators 3,2,4
prediction-powered-rate --outcomes 0,1,0,0 --scores .1,.9,.2,.1 --frame-scores .1,.9,.2,.1,.3,.2,.1
two-phase-rate --first 1,0,0,1,0,0 --second 1,0,?,?,0,? --population 400
two-phase-mean --first 1,0,0,1,0,5 --second 1,0,?,?,0,4 --population 400
ppi-mean --outcomes 0,1,0,0 --scores .1,.9,.2,.1 --unlabeled .3,.2,.1
ppi-effective-n 100 1000 --correlation .7
active-inference --outcomes 0,?,1 --scores .1,.2,.3 --chances .5,.5,.5
stringer --taints .1,.2 --n 100 --factors poisson
clustered-rate-test --counts 3,4,2 --totals 50,60,40 --base-counts 2,1,3 --base-totals 50,60,70
shiryaev-roberts-threshold --reference .5 --arl 300
normal-cusum-arl --reference .5 --threshold 4
cia-decision --overpaid-cents 510 --underpaid-cents 0 --paid-cents 10000
neyman --sizes 100,200 --deviations 2,3 --n 30
random-sets --frames 1/40/1/25,41/41/1/7 --count 3 --spares 2
random-group-draw --item-ids a,b,c,d --measures 10,20,30,5 --size 2 --seed q
error-rate-mean-size --error-rate .05 --paid-mean 90 --paid-deviation 40 --relative-precision .25 --confidence .9
random-numbers --low 1 --high 400 --count 5
compare --tolerable .05 --expected .01 --population 2000
acceptance-size --tolerable .05 --allowed-errors 1
baseline-limit 10 200
percent-agreement --ratings 1/1,2/3,3/3
probe-size --amounts 0,0,40,0,25 --relative-precision .25
difference --paid 10,20,30 --correct 10,15,30 --population 300
cluster-total --overpaid-by-cluster 0,10,5 --clusters 40
fisher-test 1 10 11 12
sequential-lower-limit --outcomes 0,1,1,? --tolerable .05
normal-cusum-threshold --reference .5 --arl 300
p-chart-arl --center .05 --n 200 --rate .08
laney-u-chart --counts 3,5,2,9 --exposure 100,100,100,120
mean-size --coefficient-of-variation 2 --relative-precision .25 --confidence .9
attribute-size --tolerable .05 --expected .01 --population 5000
exact-precision-size --expected .05 --half-width .02
precision-size --expected .05 --half-width .02
cia-full-size --coefficient-of-variation 2
stratified-mean-size --sizes 100,300,600 --deviations 1,2,3 --half-width .2
neyman-mean-size --sizes 100,300,600 --deviations 1,2,3 --half-width .2
money-unit-size --tolerable .1 --expected 0
money-unit-factor --expected-to-tolerable .1
proportional --sizes 100,200 --n 30
ticket --seed a --item-id 31
clopper-pearson 3 60
wilson 3 60
jeffreys 3 60
agresti-coull 3 60
upper-limit 3 60
lower-limit 3 60
exact-interval 3 60 4000
finite-upper-limit 3 60 4000
finite-lower-limit 3 60 4000
stratified-interval --strata 3/60/1000,1/40/500
jackknife-ratio --numerators 0,1,0 --denominators 3,2,4
weighted-prediction-powered-rate --outcomes 0,1 --scores .1,.9 --frame-scores .1,.9,.2 --inclusion-probabilities .6,.8
mean-per-unit --overpaid 0,40,0,10 --population 400
ratio --overpaid 0,40,0,10 --paid 90,80,70,60 --population 400 --paid-total 30000
regression --overpaid 0,40,0,10 --paid 90,80,70,60 --population 400 --paid-total 30000
betting-limit --overpaid 0,40,0,10 --population 400
gaffke-limit --overpaid 0,40,0,10 --population 400
decision --outcomes 0,0,1,? --tolerable .05 --population 500
sequential-upper-limit --outcomes 0,1,1,? --tolerable .05
stratified-lower-limit --outcomes 0,0,1,0 --strata a,b,a,b --populations a=40,b=50 --tolerable .1
weighted-lower-limit --outcomes 0,1 --chances .1,.2 --least-chances .1,.1 --population 40 --tolerable .1
empirical-bernstein-sequence --values 0,.5,.2
gwet-ac1 --ratings 1/1,2/3,3/3
krippendorff-alpha --ratings 1/1/2,2/2/2,1/?/1
scott-pi --ratings 1/1,2/3,3/3
brennan-prediger --ratings 1/1,2/3,3/3
randolph-kappa --ratings 1/1,2/3,3/3
shiryaev-roberts-arl --reference .5 --log-threshold 5.7
siegmund-arl --reference .5 --threshold 5
poisson-rate-test 15 19017 41 28010
cross-fitted-scores --features .1/1,.2/0,.3/1,.4/1 --outcomes 0,0,1,1 --other-features .1/1,.9/0 --folds 0,1,0,1
prediction-powered-monitor --outcomes 1,0,?,? --scores .5,.4,.4,.5 --batches a,a,a,a --threshold .5
normal-cusum-path --values 1.5,.5,.6,-1.5 --target 0 --deviation 1 --reference .5 --threshold 1
bounded-e-detector --values 0,.1,.5,.6,.7 --baseline .08 --arl 100
e-test --outcomes 1,1,0 --baseline .1
standardised-rate --counts 5,40 --totals 1000,1000 --standard .8,.2
arm-contrast --now 80/1000 --before 40/1000 --control-now 84/1000 --control-before 40/1000
benjamini-yekutieli --p-values .01,.2,.03 --level .05
"""


def test_every_calculator_is_typed() -> None:
    assert {line.split()[0] for line in TYPED.strip().splitlines()} == set(CALCULATORS)


@pytest.mark.parametrize("typed", TYPED.strip().splitlines(), ids=lambda typed: typed.split()[0])
def test_a_calculator_answers_people_and_programs(typed):
    words = shlex.split(typed)
    table, document = (CliRunner().invoke(calc, [*words, *more]) for more in ([], ["--json"]))
    assert (table.exit_code, document.exit_code) == (0, 0), table.output
    answer = json.loads(document.stdout)
    assert answer["calculator"] == words[0]
    assert [part for part in ("formula", "assumptions", "source", "inputs") if not answer[part]] == []
    assert max(map(len, table.stdout.splitlines())) <= 100
